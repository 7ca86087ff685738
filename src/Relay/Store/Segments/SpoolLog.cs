using Microsoft.Extensions.Logging;
using Relay.Store.Sql;

namespace Relay.Store.Segments;

/// <summary>
/// Appends accepted mails to segments: one gathered write and one sync for all who wait. Used by the one running relay.
/// </summary>
/// <remarks>
/// 1. take the group (<see cref="LogThread{TMember}"/>), 2. place its records, 3. write and sync, 4. hand them on to be moved, 5. tell each. A
/// failed write or sync fails its members, and is the end of the segment: it is never tried again on the same file. So does whatever else fails.
/// </remarks>
internal sealed class SpoolLog : IDisposable
{
    private readonly SegmentSupply _supply;
    private readonly int _size;
    private readonly Action<IReadOnlyList<LoggedMail>> _written;
    private readonly ILogger _logger;
    private readonly LogThread<LogMember> _thread;
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private Segment? _segment;
    private long _current;

    /// <param name="folder">Where the segments are.</param>
    /// <param name="first">The number of the first segment to be made.</param>
    /// <param name="size">Octets of a segment.</param>
    /// <param name="written">Takes what is on stable storage, in the order of the segments.</param>
    /// <param name="logger">For faults.</param>
    public SpoolLog(SegmentFolder folder, long first, int size, Action<IReadOnlyList<LoggedMail>> written, ILogger logger)
    {
        _supply = new SegmentSupply(folder, first, size, logger);
        _current = first;
        _size = size;
        _written = written;
        _logger = logger;
        _thread = new LogThread<LogMember>(Commit);
    }

    /// <summary>The segment that is written, or will be next; those before it are closed.</summary>
    public long Current => Volatile.Read(ref _current);

    /// <summary>True when the mail is on stable storage; false when no segment can be made for it, and nothing of it is written.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written; what the disk holds of it is nobody's promise.</exception>
    public Task<bool> AppendAsync(NewSpooledMail mail, MailContent.Inline content)
    {
        var record = new RecordBuffer(mail, content.Octets);
        if (record.Length > _size - SegmentHeader.Octets || !record.Fits)
        {
            return Task.FromResult(false);
        }

        var member = new LogMember(mail, record);
        _thread.Enter(member);
        return member.Task;
    }

    /// <summary>Takes no more; completes when what was taken is written.</summary>
    public Task CloseAsync() => _thread.CloseAsync();

    public void Dispose()
    {
        _ = CloseAsync(); // Or its thread waits for ever.
        Abandon();
        _supply.Dispose();
    }

    private void Commit(List<LogMember> group)
    {
        try
        {
            Append(group);
        }
        catch (Exception exception)
        {
            // Nobody foresaw it, and on a thread of our own it would be the end of the process. What was not told is nobody's promise; the next group
            // begins a segment.
            Abandon();
            var fault = FileFaults.Translate(exception, "The spool cannot be written");
            group.Where(static member => !member.Task.IsCompleted).ToList().ForEach(member => member.Fail(fault));
            Tell(exception);
        }
    }

    private void Tell(Exception exception)
    {
        try
        {
            StoreLog.SpoolFailed(_logger, exception);
        }
        catch (Exception)
        {
            // It may be the log that failed in the first place. Mails go on without it.
            return;
        }
    }

    private void Append(List<LogMember> group)
    {
        for (var done = 0; done < group.Count;)
        {
            if (SegmentFor(group[done].Record.Length) is not { } segment)
            {
                group[done..].ForEach(static member => member.Decline());
                return;
            }

            var some = group[done..].TakeWhile(member => Place(segment, member)).ToList();
            done += some.Count;
            Write(segment, some);
        }
    }

    private static bool Place(Segment segment, LogMember member)
    {
        if (!segment.HasRoomFor(member.Record.Length))
        {
            return false;
        }

        member.Position = segment.Place(member.Record);
        return true;
    }

    private void Write(Segment segment, List<LogMember> members)
    {
        try
        {
            members.ForEach(member => member.Record.AddTo(_pieces));
            segment.Write(_pieces, members[0].Position.Offset);
        }
        catch (Exception exception)
        {
            var fault = FileFaults.Translate(exception);
            Abandon();
            members.ForEach(member => member.Fail(fault));
            StoreLog.Unavailable(_logger, fault.Fault, fault.Message);
            return;
        }
        finally
        {
            _pieces.Clear();
        }

        _written(members.ConvertAll(static member => member.ToLoggedMail()));
        members.ForEach(static member => member.Complete());
    }

    /// <summary>Null when a new one is needed and cannot be made; the next group tries again.</summary>
    private Segment? SegmentFor(int octets)
    {
        if (_segment is not { } current || !current.HasRoomFor(octets))
        {
            Abandon();
            current = _supply.Take();
            if (current is null)
            {
                return null;
            }

            _segment = current;
            Volatile.Write(ref _current, current.Number);
        }

        if (current.End > _size / 4)
        {
            _supply.Prepare();
        }

        return current;
    }

    private void Abandon()
    {
        _segment?.Dispose();
        _segment = null;
    }
}
