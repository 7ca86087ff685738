namespace Relay.Tests.Store;

public sealed class SqliteWatchTests() : WatchContract(new SqliteTestStore());
