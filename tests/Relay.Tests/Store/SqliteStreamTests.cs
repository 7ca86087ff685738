namespace Relay.Tests.Store;

public sealed class SqliteStreamTests() : StreamContract(new SqliteTestStore());
