namespace Relay.Tests.Store;

public sealed class PostgreSqlOperatorTests(PostgreSqlServer server) : OperatorContract(new PostgreSqlTestStore(server));
