using Relay.Store;

namespace Relay.Tests.Store;

/// <summary>A real store that has room for everything but what a mail led to, while it is told so.</summary>
/// <param name="inner">The store.</param>
/// <param name="led">What a commit of that returns.</param>
internal sealed class FullStore(IStore inner, Type led) : IStore
{
    private int _refused;

    public bool IsFull { get; set; } = true;

    /// <summary>How many commits found no room.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public Bells Bells => inner.Bells;

    public StoreTally Tally => inner.Tally;

    public MailFiles MailFiles => inner.MailFiles;

    public Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken)
    {
        if (!IsFull || typeof(T) != led)
        {
            return inner.CommitAsync(work, cancellationToken);
        }

        Interlocked.Increment(ref _refused);
        return Task.FromException<T>(new StoreUnavailableException(StoreFault.Full, "for a test", null));
    }

    public Task<T> ClaimAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) => inner.ClaimAsync(work, cancellationToken);

    public Task SpoolAsync(NewSpooledMail mail, CancellationToken cancellationToken) => inner.SpoolAsync(mail, cancellationToken);

    public T Read<T>(Func<IStoreTransaction, T> work) => inner.Read(work);

    public Task<int> RecoverAsync(CancellationToken cancellationToken) => inner.RecoverAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
