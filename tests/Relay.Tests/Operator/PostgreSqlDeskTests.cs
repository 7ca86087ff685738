using Relay.Tests.Store;

namespace Relay.Tests.Operator;

public sealed class PostgreSqlDeskTests(PostgreSqlServer server) : DeskContract(new PostgreSqlTestStore(server));
