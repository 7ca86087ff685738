namespace Relay.Tests.Store;

public sealed class PostgreSqlCommitTests(PostgreSqlServer server) : CommitContract(new PostgreSqlTestStore(server));
