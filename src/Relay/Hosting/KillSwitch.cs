using System.Diagnostics;
using System.Globalization;
using Relay.Store;

namespace Relay.Hosting;

/// <summary>
/// For crash tests: ends this process as by <c>kill -9</c> at its N-th commit. <c>RELAY_TEST_KILL_AT=before:N</c> does so when everything of the
/// transaction is written and nothing committed, <c>after:N</c> when it is committed and nobody has been told. A kill from outside meets these moments,
/// microseconds long, by chance only; where the promises are at stake they have to be met for certain. Nothing else depends on it, and without the
/// variable it is not there.
/// </summary>
internal sealed class KillSwitch(IStore inner, bool isBefore, int at) : IStore
{
    public const string Variable = "RELAY_TEST_KILL_AT";

    private int _commits;

    public Bells Bells => inner.Bells;

    public StoreTally Tally => inner.Tally;

    public MailFiles MailFiles => inner.MailFiles;

    public static IStore Wrap(IStore store, string? order) =>
        order?.Split(':') is [("before" or "after") and var moment, var number]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int at)
            ? new KillSwitch(store, moment == "before", at)
            : store;

    public Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) =>
        CommitAsync(counted => inner.CommitAsync(counted, cancellationToken), work);

    public Task<T> ClaimAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) =>
        CommitAsync(counted => inner.ClaimAsync(counted, cancellationToken), work);

    /// <summary>Counts as a commit. A mail taken into a segment is no transaction, so "before" is before anything of it is written.</summary>
    public async Task SpoolAsync(NewSpooledMail mail, CancellationToken cancellationToken)
    {
        bool isIt = Interlocked.Increment(ref _commits) == at;
        if (isIt && isBefore)
        {
            Die<bool>();
        }

        await inner.SpoolAsync(mail, cancellationToken);
        if (isIt)
        {
            Die<bool>();
        }
    }

    public T Read<T>(Func<IStoreTransaction, T> work) => inner.Read(work);

    public Task<int> RecoverAsync(CancellationToken cancellationToken) => inner.RecoverAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task<T> CommitAsync<T>(Func<Func<IStoreTransaction, T>, Task<T>> commit, Func<IStoreTransaction, T> work)
    {
        bool isIt = Interlocked.Increment(ref _commits) == at;
        var result = await commit(transaction =>
        {
            var done = work(transaction);
            return isIt && isBefore ? Die<T>() : done;
        });
        return isIt ? Die<T>() : result;
    }

    private static T Die<T>()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill(); // SIGKILL: no handler, no flush, no goodbye
        self.WaitForExit();
        throw new UnreachableException();
    }
}
