namespace Relay.Tests.Store;

public sealed class SqliteBounceTests() : BounceContract(new SqliteTestStore());
