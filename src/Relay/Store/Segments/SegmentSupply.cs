using Microsoft.Extensions.Logging;
using Relay.Store.Sql;

namespace Relay.Store.Segments;

/// <summary>
/// Makes segments, under numbers that count up. Making one takes as long as hundreds of syncs, so the next is made while there is room in the
/// current one. <see cref="Take"/> and <see cref="Prepare"/> are called by one thread at a time.
/// </summary>
/// <param name="folder">Where they are.</param>
/// <param name="first">The number of the first.</param>
/// <param name="size">Octets of each.</param>
/// <param name="logger">For what cannot be made.</param>
/// <param name="freeRoom">Octets left on the disk of a folder, null where nobody can say; the system's answer unless given.</param>
internal sealed class SegmentSupply(SegmentFolder folder, long first, int size, ILogger logger, Func<string, long?>? freeRoom = null) : IDisposable
{
    private readonly Func<string, long?> _freeRoom = freeRoom ?? FreeRoom.Of;
    private long _next = first;
    private Task<Segment?>? _prepared;

    /// <summary>Begins to make the next, unless that is done already.</summary>
    public void Prepare() => _prepared ??= Task.Run(MakeAhead);

    /// <summary>The next. Null when it cannot be made; it is tried again at the next call, under the next number.</summary>
    public Segment? Take()
    {
        var prepared = Interlocked.Exchange(ref _prepared, null);
        // What could not be made while there was time may be possible now.
        return prepared?.GetAwaiter().GetResult() ?? Make();
    }

    /// <summary>Removes what was made and not taken.</summary>
    public void Dispose()
    {
        try
        {
            if (Interlocked.Exchange(ref _prepared, null)?.GetAwaiter().GetResult() is { } unused)
            {
                Remove(unused);
            }
        }
        catch (Exception exception)
        {
            StoreLog.NoSegment(logger, exception.Message); // Nor is one needed any more.
        }
    }

    private void Remove(Segment unused)
    {
        unused.Dispose();
        try
        {
            folder.Delete(unused.Number);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is empty, and goes with the other segments that no row names.
            StoreLog.FileNotDeleted(logger, folder.PathOf(unused.Number), exception.Message);
        }
    }

    // Not of the last room on the disk: rows need some before the next segment does. Where nobody can say, none either.
    private Segment? MakeAhead()
    {
        try
        {
            return _freeRoom(folder.Path) >= 2L * size ? Make() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // Whoever needs it tells what is wrong.
        }
    }

    private Segment? Make()
    {
        var number = _next++;
        try
        {
            return Segment.Create(folder, number, size);
        }
        catch (Exception exception)
        {
            StoreLog.NoSegment(logger, exception.Message);
            return null;
        }
    }
}
