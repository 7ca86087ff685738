namespace Relay.Tests.Store;

public sealed class PostgreSqlAccountTests(PostgreSqlServer server) : AccountContract(new PostgreSqlTestStore(server));
