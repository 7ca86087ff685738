namespace Relay.Tests.Store;

public sealed class SqlitePickedTests() : PickedContract(new SqliteTestStore());
