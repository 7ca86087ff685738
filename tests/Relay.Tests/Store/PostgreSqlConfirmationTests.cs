namespace Relay.Tests.Store;

public sealed class PostgreSqlConfirmationTests(PostgreSqlServer server) : ConfirmationContract(new PostgreSqlTestStore(server));
