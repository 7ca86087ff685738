using Relay.Settings;

namespace Relay.Store;

/// <summary>The section <c>Relay:Store</c>: what survives a restart, and where.</summary>
internal sealed record StoreOptions(string Provider, string ConnectionString)
{
    public static StoreOptions Read(SettingsReader settings)
    {
        string provider = settings.Text("Provider", "Sqlite");
        if (!provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            settings.Fault("Provider", $"is \"{provider}\"; this version knows Sqlite");
        }

        return new StoreOptions("Sqlite", settings.Text("ConnectionString", "Data Source=relay.db"));
    }
}
