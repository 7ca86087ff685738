using Relay.Tests.Store;

namespace Relay.Tests.Operator;

public sealed class SqliteDeskTests() : DeskContract(new SqliteTestStore());
