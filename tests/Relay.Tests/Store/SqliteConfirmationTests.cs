namespace Relay.Tests.Store;

public sealed class SqliteConfirmationTests() : ConfirmationContract(new SqliteTestStore());
