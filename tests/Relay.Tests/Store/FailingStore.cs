using Relay.Store;

namespace Relay.Tests.Store;

/// <summary>A real store that takes mail, and whose other commits fail, while it is told so, in a way that nobody foresaw.</summary>
internal sealed class FailingStore(IStore inner) : IStore
{
    private int _failed;
    private int _reads;

    public bool IsFailing { get; set; }

    /// <summary>Which read fails, counted from 1; none with 0.</summary>
    public int FailingRead { get; init; }

    /// <summary>How many commits failed.</summary>
    public int Failed => Volatile.Read(ref _failed);

    public Bells Bells => inner.Bells;

    public StoreTally Tally => inner.Tally;

    public MailFiles MailFiles => inner.MailFiles;

    public Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken)
    {
        if (!IsFailing)
        {
            return inner.CommitAsync(work, cancellationToken);
        }

        Interlocked.Increment(ref _failed);
        return Task.FromException<T>(new NotSupportedException("for a test"));
    }

    public Task<T> ClaimAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) => inner.ClaimAsync(work, cancellationToken);

    public Task SpoolAsync(NewSpooledMail mail, CancellationToken cancellationToken) => inner.SpoolAsync(mail, cancellationToken);

    public T Read<T>(Func<IStoreTransaction, T> work) =>
        Interlocked.Increment(ref _reads) == FailingRead ? throw new NotSupportedException("for a test") : inner.Read(work);

    public Task<int> RecoverAsync(CancellationToken cancellationToken) => inner.RecoverAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
