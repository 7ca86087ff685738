namespace Relay.Tests.Store;

public sealed class SqliteSpoolTests() : SpoolContract(new SqliteTestStore());
