namespace Relay.Tests.Store;

public sealed class PostgreSqlSubscriptionTests(PostgreSqlServer server) : SubscriptionContract(new PostgreSqlTestStore(server));
