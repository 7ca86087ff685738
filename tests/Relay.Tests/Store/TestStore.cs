using Relay.Store.Sql;

namespace Relay.Tests.Store;

/// <summary>An empty database of its own, opened and opened again; each provider has one.</summary>
public abstract class TestStore : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private SqlStore? _store;

    internal SqlStore Current
    {
        get
        {
            lock (_gate)
            {
                return _store ??= Open();
            }
        }
    }

    /// <summary>A second store on the same database, as another process would open it.</summary>
    internal abstract SqlStore Open();

    internal async Task<SqlStore> ReopenAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        return _store = Open();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await DestroyAsync();
    }

    protected abstract ValueTask DestroyAsync();
}
