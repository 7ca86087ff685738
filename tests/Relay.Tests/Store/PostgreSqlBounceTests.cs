namespace Relay.Tests.Store;

public sealed class PostgreSqlBounceTests(PostgreSqlServer server) : BounceContract(new PostgreSqlTestStore(server));
