namespace Relay.Tests.Store;

public sealed class PostgreSqlSpoolTests(PostgreSqlServer server) : SpoolContract(new PostgreSqlTestStore(server));
