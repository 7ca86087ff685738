namespace Relay.Tests.Store;

public sealed class SqliteJournalTests() : JournalContract(new SqliteTestStore());
