using Microsoft.Extensions.Logging;
using Relay.Settings;
using Relay.Store;

namespace Relay.Hosting;

/// <summary>The store, locked for one running relay and cleared of an earlier run's claims.</summary>
internal sealed class StoreOpening : IAsyncDisposable
{
    private readonly IDisposable _runLock;

    private StoreOpening(IStore store, IDisposable runLock)
    {
        Store = store;
        _runLock = runLock;
    }

    public IStore Store { get; }

    /// <exception cref="SettingsFaultException">Another relay runs on the same store.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be opened.</exception>
    public static async Task<StoreOpening> OpenForRunAsync(
        StoreOptions options, string dataFolder, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (StoreFactory.TryOpenForRun(options, dataFolder, TimeProvider.System, loggers.CreateLogger("Relay.Store")) is not var (store, runLock))
        {
            throw new SettingsFaultException(
                ["Another relay runs on this store already; stop it first, or give this one a store of its own (Relay:Store:ConnectionString)."]);
        }

        var opening = new StoreOpening(store, runLock);
        try
        {
            await store.RecoverAsync(cancellationToken);
            return opening;
        }
        catch
        {
            await opening.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _runLock.Dispose();
    }
}
