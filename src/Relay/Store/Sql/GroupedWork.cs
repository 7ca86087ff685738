namespace Relay.Store.Sql;

/// <summary>A member with what it is to do, and with the task that its caller waits for.</summary>
internal sealed class GroupedWork<T>(Func<IStoreTransaction, T> work, bool durable, CancellationToken cancellationToken)
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
