namespace Relay.Tests.Store;

public sealed class PostgreSqlJournalTests(PostgreSqlServer server) : JournalContract(new PostgreSqlTestStore(server));
