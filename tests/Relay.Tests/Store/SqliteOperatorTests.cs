namespace Relay.Tests.Store;

public sealed class SqliteOperatorTests() : OperatorContract(new SqliteTestStore());
