namespace Relay.Store;

/// <summary>
/// What survives a restart. Every stage leaves its rows here in one transaction and the next stage claims them, so that a
/// crash between two stages loses nothing.
/// </summary>
/// <remarks>
/// Times are kept to the millisecond, in UTC. All members throw <see cref="StoreUnavailableException"/> when the disk is full,
/// the database is read-only, locked by another process or damaged; nothing of the transaction is then kept.
/// </remarks>
internal interface IStore : IAsyncDisposable
{
    /// <summary>Rung by the store itself, after the commit, when a row was left for the next stage.</summary>
    Bells Bells { get; }

    /// <summary>What this process has committed.</summary>
    StoreTally Tally { get; }

    /// <summary>Contents too large for a row.</summary>
    MailFiles MailFiles { get; }

    /// <summary>
    /// Runs <paramref name="work"/> in a write transaction; durable when the task completes. Concurrent callers share one
    /// transaction and one fsync; a lone caller runs inline, without a thread hop.
    /// </summary>
    /// <param name="work">
    /// Synchronous; touches only the transaction. It may be run again after a rollback (when another member of the group
    /// failed), so it must not change anything outside. When it throws, it alone is undone and the exception is the task's.
    /// </param>
    /// <param name="cancellationToken">Looked at until the work begins; a work that has begun is finished.</param>
    Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="CommitAsync"/>, without waiting for the disk: a power failure may undo it, a crash of the process does not,
    /// and any later commit makes it durable. For claims, which a start releases anyway: two waits less from request to answer.
    /// </summary>
    Task<T> ClaimAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken);

    /// <summary>
    /// Leaves a mail for Intake; durable when the task completes. After <see cref="RecoverAsync"/> it may take a faster way than
    /// <see cref="ISpoolTable.Add"/> in a transaction: the row then appears some milliseconds later, or at the next start.
    /// The caller's thread is never held for the disk. What follows the await may run on the thread that writes for all, which must not be held either.
    /// </summary>
    Task SpoolAsync(NewSpooledMail mail, CancellationToken cancellationToken);

    /// <summary>Runs <paramref name="work"/> on a snapshot; methods that change something throw.</summary>
    T Read<T>(Func<IStoreTransaction, T> work);

    /// <summary>
    /// To be called once by the holder of the run lock, before any worker starts: releases the claims that an earlier run left,
    /// so that nothing waits for a lease; makes due what a clock that stood wrong has put off by more than a day; removes mail
    /// files that no row names. Returns how many claims were released.
    /// </summary>
    Task<int> RecoverAsync(CancellationToken cancellationToken);
}
