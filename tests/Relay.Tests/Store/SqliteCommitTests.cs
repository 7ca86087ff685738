namespace Relay.Tests.Store;

public sealed class SqliteCommitTests() : CommitContract(new SqliteTestStore());
