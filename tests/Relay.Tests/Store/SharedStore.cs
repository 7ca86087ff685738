using Relay.Store;

namespace Relay.Tests.Store;

/// <summary>A real store with which another relay does something, once, just before a certain commit of ours.</summary>
/// <param name="inner">The store.</param>
/// <param name="commit">Its number, from 1 on.</param>
/// <param name="other">What the other does.</param>
internal sealed class SharedStore(IStore inner, int commit, Action<IStoreTransaction> other) : IStore
{
    private int _commits;

    public Bells Bells => inner.Bells;

    public StoreTally Tally => inner.Tally;

    public MailFiles MailFiles => inner.MailFiles;

    public async Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken)
    {
        if (++_commits == commit)
        {
            await inner.CommitAsync(
                transaction =>
                {
                    other(transaction);
                    return true;
                },
                cancellationToken);
        }

        return await inner.CommitAsync(work, cancellationToken);
    }

    public Task<T> ClaimAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) => inner.ClaimAsync(work, cancellationToken);

    public Task SpoolAsync(NewSpooledMail mail, CancellationToken cancellationToken) => inner.SpoolAsync(mail, cancellationToken);

    public T Read<T>(Func<IStoreTransaction, T> work) => inner.Read(work);

    public Task<int> RecoverAsync(CancellationToken cancellationToken) => inner.RecoverAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
