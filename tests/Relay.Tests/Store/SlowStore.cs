using Relay.Store;

namespace Relay.Tests.Store;

/// <summary>A real store on a disk that takes its time: whoever is the first to write holds his thread, and the others wait behind him.</summary>
internal sealed class SlowStore(IStore inner) : IStore
{
    private readonly SemaphoreSlim _disk = new(1);
    private readonly ManualResetEventSlim _isMoving = new(true);
    private readonly ManualResetEventSlim _isAnswering = new(true);
    private readonly ManualResetEventSlim _hasDisk = new(true);
    private int _asked;

    public Bells Bells => inner.Bells;

    public StoreTally Tally => inner.Tally;

    public MailFiles MailFiles
    {
        get
        {
            Interlocked.Increment(ref _asked);
            _hasDisk.Wait();
            return inner.MailFiles;
        }
    }

    /// <summary>How often the folder of large mails was asked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Whoever asks for the folder of large mails waits until it is set.</summary>
    public ManualResetEventSlim HasDisk => _hasDisk;

    /// <summary>Somebody writes.</summary>
    public bool IsBusy => _disk.CurrentCount == 0;

    /// <summary>Nothing is read any more until it is set.</summary>
    public ManualResetEventSlim IsAnswering => _isAnswering;

    /// <summary>Nothing is written any more until <see cref="Go"/>.</summary>
    public void Stop() => _isMoving.Reset();

    public void Go() => _isMoving.Set();

    public Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) =>
        BehindDiskAsync(() => inner.CommitAsync(work, cancellationToken));

    public Task<T> ClaimAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) =>
        BehindDiskAsync(() => inner.ClaimAsync(work, cancellationToken));

    public async Task SpoolAsync(NewSpooledMail mail, CancellationToken cancellationToken)
    {
        await Task.Yield(); // as the real one: its caller's thread has other sessions to serve
        await BehindDiskAsync(async () =>
        {
            await inner.SpoolAsync(mail, cancellationToken);
            return true;
        });
    }

    public T Read<T>(Func<IStoreTransaction, T> work)
    {
        _isAnswering.Wait();
        return inner.Read(work);
    }

    public Task<int> RecoverAsync(CancellationToken cancellationToken) => inner.RecoverAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        _isMoving.Dispose();
        _isAnswering.Dispose();
        _hasDisk.Dispose();
        _disk.Dispose();
    }

    private async Task<T> BehindDiskAsync<T>(Func<Task<T>> write)
    {
        await _disk.WaitAsync();
        try
        {
            _isMoving.Wait();
            return await write();
        }
        finally
        {
            _disk.Release();
        }
    }
}
