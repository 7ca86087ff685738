namespace Relay.Tests.Store;

public sealed class PostgreSqlStreamTests(PostgreSqlServer server) : StreamContract(new PostgreSqlTestStore(server));
