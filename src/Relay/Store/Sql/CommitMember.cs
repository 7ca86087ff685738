namespace Relay.Store.Sql;

/// <summary>One caller's share of a group that commits together.</summary>
internal abstract class CommitMember(bool durable)
{
    /// <summary>Whether its group has to wait for the disk.</summary>
    public bool IsDurable { get; } = durable;

    /// <summary>False when the caller gave up before its work began.</summary>
    public abstract bool Begin();

    public abstract void Run(IStoreTransaction transaction);

    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class CommitMember<T>(Func<IStoreTransaction, T> work, bool durable, CancellationToken cancellationToken)
    : CommitMember(durable)
{
    // The committing thread serves many callers: it must not run what follows their await.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _completion.Task;

    public override bool Begin() => !cancellationToken.IsCancellationRequested || !_completion.TrySetCanceled(cancellationToken);

    public override void Run(IStoreTransaction transaction) => _result = work(transaction);

    public override void Complete() => _completion.SetResult(_result!);

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
