namespace Relay.Store;

/// <summary>The section <c>Relay:Store</c>.</summary>
internal sealed class StoreOptions
{
    /// <summary><c>Sqlite</c>, in any case.</summary>
    public string Provider { get; set; } = "Sqlite";

    /// <summary>As the provider reads it.</summary>
    public string ConnectionString { get; set; } = "Data Source=relay.db";
}
