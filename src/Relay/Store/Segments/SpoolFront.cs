using Microsoft.Extensions.Logging;
using Relay.Store.Sql;

namespace Relay.Store.Segments;

/// <summary>The fast way into the spool of the one running relay: a log of segments before the table.</summary>
internal sealed class SpoolFront : IAsyncDisposable
{
    /// <summary>Octets of a segment: some 7,000 small mails; made, with its zeros, in 20 to 60 ms.</summary>
    public const int SegmentSize = 16 * 1024 * 1024;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly SpoolLog _log;
    private readonly SpoolMover _mover;
    private readonly TimeProvider _time;
    private long _closedUntil;

    private SpoolFront(SpoolLog log, SpoolMover mover, TimeProvider time)
    {
        _log = log;
        _mover = mover;
        _time = time;
    }

    /// <summary>Makes rows of what an earlier run left in the segments, and begins new ones.</summary>
    /// <exception cref="StoreUnavailableException">A segment cannot be read, or the rows cannot be written.</exception>
    public static async Task<SpoolFront> OpenAsync(
        SegmentFolder folder, GroupCommitter committer, TimeProvider time, ILogger logger, int segmentSize = SegmentSize)
    {
        var mover = new SpoolMover(committer, folder, time, logger);
        try
        {
            var moved = await committer.CommitAsync(static tx => ((SqlTables)tx).Segments.MovedTo(), durable: true, CancellationToken.None);
            foreach (var (segment, owner, name) in folder.PutForeignAside())
            {
                StoreLog.SegmentForeign(logger, segment, owner, name);
            }

            var numbers = folder.Numbers();
            await RecoverAsync(numbers.Where(number => number >= moved.Segment), moved, mover, new SegmentScan(folder, logger), logger);
            var first = Math.Max(numbers.Count == 0 ? 0 : numbers[^1], moved.Segment) + 1;
            await mover.SweepAsync(first);
            var log = new SpoolLog(folder, first, segmentSize, mover.Take, logger);
            mover.Start(() => log.Current);
            return new SpoolFront(log, mover, time);
        }
        catch (InvalidDataException exception)
        {
            throw new StoreUnavailableException(StoreFault.Damaged, exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Translate(exception);
        }
    }

    /// <summary>True when the mail is on stable storage; false when it has to go another way, and nothing of it is written.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    public async ValueTask<bool> TryAddAsync(NewSpooledMail mail)
    {
        if (mail.Content is not MailContent.Inline content || _time.GetTimestamp() < Volatile.Read(ref _closedUntil) || _mover.IsBehind)
        {
            return false;
        }

        if (await _log.AppendAsync(mail, content))
        {
            return true;
        }

        Volatile.Write(ref _closedUntil, _time.GetTimestamp() + (long)(PauseAfterFailure.TotalSeconds * _time.TimestampFrequency));
        return false;
    }

    /// <summary>Takes no more, and makes rows of what was taken.</summary>
    public async ValueTask DisposeAsync()
    {
        await _log.CloseAsync();
        await _mover.DisposeAsync();
        _log.Dispose();
    }

    private static async Task RecoverAsync(
        IEnumerable<long> numbers, RecordPosition moved, SpoolMover mover, SegmentScan scan, ILogger logger)
    {
        var count = 0;
        foreach (var number in numbers)
        {
            var from = number == moved.Segment ? moved : new RecordPosition(number, 0);
            foreach (var some in scan.Read(from).Chunk(256))
            {
                await mover.MoveAsync(some, durable: true);
                count += some.Length;
            }
        }

        if (count > 0)
        {
            StoreLog.SegmentsRecovered(logger, count);
        }
    }
}
