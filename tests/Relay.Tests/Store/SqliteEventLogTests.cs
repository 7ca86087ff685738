namespace Relay.Tests.Store;

public sealed class SqliteEventLogTests() : EventLogContract(new SqliteTestStore());
