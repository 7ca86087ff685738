namespace Relay.Tests.Store;

public sealed class SqliteOutboxTests() : OutboxContract(new SqliteTestStore());
