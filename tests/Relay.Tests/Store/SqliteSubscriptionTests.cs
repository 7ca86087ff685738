namespace Relay.Tests.Store;

public sealed class SqliteSubscriptionTests() : SubscriptionContract(new SqliteTestStore());
