using Microsoft.Extensions.Logging;
using Relay.Store.Sql;

namespace Relay.Store.Segments;

/// <summary>
/// Gives the mails in the segments their rows, in the order in which they were accepted; how far it has come is part of the same transaction. The
/// octets stay in the segment; a segment goes when it is closed, has been read to its end, and no row names it any more.
/// </summary>
/// <remarks>The transactions do not wait for the disk: what one loses with the power, the next start reads from the segments again.</remarks>
internal sealed class SpoolMover : IAsyncDisposable
{
    private const int AtOnce = 256;

    // A row made alone costs five times one of a hundred, so where mails come fast they gather first. Intake has enough to do then; a lone mail
    // does not wait.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan GatheringOfMany = TimeSpan.FromMilliseconds(25);
    private const int Many = 8;
    private static readonly TimeSpan WaitAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(5);

    private readonly GroupCommitter _committer;
    private readonly SegmentFolder _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SpoolBacklog _waiting = new();
    private readonly Bell _bell = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _moving = Task.CompletedTask;
    private long _sweptAt;
    private volatile bool _failing;

    public SpoolMover(GroupCommitter committer, SegmentFolder folder, TimeProvider time, ILogger logger)
    {
        _committer = committer;
        _folder = folder;
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether rows are made too slowly, or not at all, so that new mail is better told so by the database itself.</summary>
    public bool IsBehind => _failing || _waiting.IsFull;

    /// <summary>Begins; segments from <paramref name="open"/> on are not closed.</summary>
    public void Start(Func<long> open) => _moving = Task.Run(() => RunAsync(open));

    /// <summary>Takes mails that are on stable storage, in their order.</summary>
    public void Take(IReadOnlyList<LoggedMail> mails)
    {
        _waiting.Add(mails);
        _bell.Ring();
    }

    /// <summary>Makes rows of mails in one transaction.</summary>
    public Task MoveAsync(IReadOnlyList<LoggedMail> mails, bool durable) => _committer.CommitAsync(
        tx =>
        {
            var tables = (SqlTables)tx;
            foreach (var logged in mails)
            {
                tables.Spool.AddLogged(logged.Mail, logged.Content);
            }

            tables.Segments.MarkMoved(mails[^1].End);
            return mails.Count;
        },
        durable,
        CancellationToken.None);

    /// <summary>Removes the segments before <paramref name="open"/> that no row names.</summary>
    public async Task SweepAsync(long open)
    {
        var closed = _folder.Numbers().Where(number => number < open).ToList();
        if (closed.Count == 0)
        {
            return;
        }

        // Durable and writing: what let go of the last record must be on the disk before the record is not.
        var free = await _committer.CommitAsync(
            tx =>
            {
                var segments = ((SqlTables)tx).Segments;
                var moved = segments.MovedTo();
                segments.MarkMoved(default); // SQLite writes nothing, and syncs nothing, where an update changes no octet
                segments.MarkMoved(moved);
                return closed.Where(number => number < moved.Segment && !segments.Names(number)).ToList();
            },
            durable: true,
            CancellationToken.None);
        free.ForEach(_folder.Delete);
    }

    /// <summary>Moves what waits, if the store lets it, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _moving;
        _stopping.Dispose();
    }

    private async Task RunAsync(Func<long> open)
    {
        _sweptAt = _time.GetTimestamp();
        while (true)
        {
            var isLast = _stopping.IsCancellationRequested;
            try
            {
                await MoveWaitingAsync();
                await SweepInTimeAsync(open);
                _failing = false;
            }
            catch (Exception exception)
            {
                _failing = true;
                StoreLog.NotMoved(_logger, exception);
            }

            if (isLast)
            {
                return;
            }

            await WaitAsync();
        }
    }

    private async Task WaitAsync()
    {
        try
        {
            if (_failing)
            {
                await Task.Delay(WaitAfterFailure, _time, _stopping.Token);
            }
            else
            {
                await _bell.WaitAsync(BetweenSweeps, _time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The next round is the last.
        }
    }

    private async Task MoveWaitingAsync()
    {
        while (_waiting.Peek(AtOnce) is { Count: > 0 } mails)
        {
            var began = _time.GetTimestamp();
            await MoveAsync(mails, durable: false);
            _waiting.Remove(mails.Count);
            var gathering = mails.Count < Many ? Gathering : GatheringOfMany;
            if (mails.Count < AtOnce && gathering - _time.GetElapsedTime(began) is var rest && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SweepInTimeAsync(Func<long> open)
    {
        if (_time.GetElapsedTime(_sweptAt) >= BetweenSweeps)
        {
            _sweptAt = _time.GetTimestamp();
            await SweepAsync(open());
        }
    }
}
