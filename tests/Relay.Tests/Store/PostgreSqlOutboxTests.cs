namespace Relay.Tests.Store;

public sealed class PostgreSqlOutboxTests(PostgreSqlServer server) : OutboxContract(new PostgreSqlTestStore(server));
