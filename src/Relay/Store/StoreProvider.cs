namespace Relay.Store;

/// <summary>Where rows are kept.</summary>
internal enum StoreProvider
{
    /// <summary>One file, for one relay.</summary>
    Sqlite,

    /// <summary>A server, for several.</summary>
    PostgreSql,
}
