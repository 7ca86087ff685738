namespace Relay.Tests.Store;

public sealed class SqliteAccountTests() : AccountContract(new SqliteTestStore());
