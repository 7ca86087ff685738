using Relay.Smtp.Authentication;
using Relay.Store;

namespace Relay.Inbound;

/// <summary>
/// The accounts that <c>relay account</c> keeps in the store, read anew each time. Whoever asks waits without a thread, but for a few: a database that
/// hangs would else hold one for each session, and starve whatever runs on the pool besides.
/// </summary>
/// <param name="store">Where they are.</param>
/// <param name="time">For how long is waited.</param>
internal sealed class StoredAccounts(IStore store, TimeProvider time) : IDisposable
{
    private const int ReadersAtOnce = 4;

    private static readonly TimeSpan StandsStill = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _readers = new(ReadersAtOnce);
    private Task<bool>? _asking;
    private long _askedAt;

    /// <summary>Whether there is one; asked by one at a time, for all who wait.</summary>
    /// <exception cref="TimeoutException">The store does not answer.</exception>
    /// <exception cref="StoreUnavailableException">It answers that it cannot say.</exception>
    public Task<bool> AnyAsync()
    {
        lock (_gate)
        {
            if (_asking is null or { IsCompleted: true })
            {
                _askedAt = time.GetTimestamp();
                _asking = Task.Run(() => store.Read(static transaction => transaction.Accounts.Any()));
            }

            var left = StandsStill - time.GetElapsedTime(_askedAt);
            return left > TimeSpan.Zero ? _asking.WaitAsync(left, time) : throw DoesNotAnswer();
        }
    }

    /// <summary>What proves the password of one; null where there is none of that name.</summary>
    /// <exception cref="TimeoutException">The store does not answer.</exception>
    /// <exception cref="StoreUnavailableException">It answers that it cannot say.</exception>
    public async ValueTask<ScramCredentials?> FindAsync(string account, CancellationToken ct)
    {
        await EnterAsync(ct);
        try
        {
            return store.Read(transaction => transaction.Accounts.Find(account)) is { } stored
                ? new ScramCredentials(stored.Salt, stored.Iterations, stored.StoredKey, stored.ServerKey)
                : null;
        }
        finally
        {
            _readers.Release();
        }
    }

    public void Dispose() => _readers.Dispose();

    private async ValueTask EnterAsync(CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(StandsStill, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await _readers.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw DoesNotAnswer();
        }
    }

    private static TimeoutException DoesNotAnswer() => new("The store does not say which accounts there are.");
}
