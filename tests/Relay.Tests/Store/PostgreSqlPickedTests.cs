namespace Relay.Tests.Store;

public sealed class PostgreSqlPickedTests(PostgreSqlServer server) : PickedContract(new PostgreSqlTestStore(server));
