namespace Relay.Tests.Store;

public sealed class PostgreSqlEventLogTests(PostgreSqlServer server) : EventLogContract(new PostgreSqlTestStore(server));
