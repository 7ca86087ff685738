namespace Relay.Tests.Store;

public sealed class PostgreSqlWatchTests(PostgreSqlServer server) : WatchContract(new PostgreSqlTestStore(server));
