using Microsoft.Extensions.Configuration;
using Relay.Settings;
using Relay.Store;

namespace Relay.Tests.Store;

public sealed class StoreOptionsTests
{
    [Theory]
    [InlineData("nothing is given", null, null, StoreProvider.Sqlite, "Data Source=relay.db")]
    [InlineData("a file is named", "sqlite", "Data Source=/var/lib/relay/x.db", StoreProvider.Sqlite, "Data Source=/var/lib/relay/x.db")]
    [InlineData("a server is named", "PostgreSql", "Host=db;Database=relay", StoreProvider.PostgreSql, "Host=db;Database=relay")]
    public void Settings_name_a_store(string why, string? provider, string? connection, object expected, string expectedConnection)
    {
        var (options, faults) = Read(provider, connection);

        Assert.Empty(faults);
        Assert.True(new StoreOptions((StoreProvider)expected, expectedConnection) == options, why);
    }

    [Theory]
    [InlineData("another provider", "Paper", null, "Relay:Store:Provider")]
    [InlineData("a server without a name", "PostgreSql", null, "Relay:Store:ConnectionString is empty")]
    [InlineData("a file in memory", "Sqlite", "Data Source=:memory:", "Relay:Store:ConnectionString cannot be read")]
    [InlineData("no connection string", "PostgreSql", "Colour=blue", "Relay:Store:ConnectionString cannot be read")]
    public void Settings_that_name_no_store_are_told(string why, string provider, string? connection, string expected)
    {
        var (_, faults) = Read(provider, connection);

        Assert.True(faults.Any(sentence => sentence.Contains(expected, StringComparison.Ordinal)), why + ": " + string.Join(' ', faults));
    }

    [Fact]
    public async Task A_store_is_opened_as_the_settings_say()
    {
        await using var database = new SqliteTestStore();
        await using var store = StoreFactory.Open(Read(null, "Data Source=other.db").Options, database.Folder, TimeProvider.System);

        Assert.True(File.Exists(Path.Combine(database.Folder, "other.db")));
    }

    private static (StoreOptions Options, List<string> Faults) Read(string? provider, string? connection)
    {
        var values = new Dictionary<string, string?> { ["Relay:Store:Provider"] = provider, ["Relay:Store:ConnectionString"] = connection };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var faults = new List<string>();
        var options = StoreOptions.Read(SettingsReader.For(configuration.GetSection("Relay:Store"), faults));
        return (options, faults);
    }
}
