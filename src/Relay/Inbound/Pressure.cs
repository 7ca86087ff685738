using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>
/// Whether another mail can be taken now, so that its sender is told at MAIL and keeps it (RFC 5321 §4.2.1, 4yz). Not while the disk is nearly full, nor while
/// so much waits in the spool or so many answers wait for the smarthost that more would only grow, nor while the store stands still. Notifications do
/// not count: a subscription has one under way at most.
/// </summary>
/// <param name="store">Where mails go.</param>
/// <param name="mostWaiting">Mails to us, or answers of ours; each alone.</param>
/// <param name="time">For how long a mail is waited for.</param>
internal sealed class Pressure(IStore store, int mostWaiting, TimeProvider time)
{
    /// <summary>
    /// What a mail at its final dot is given before its sender is asked to come again. Clients wait 10 minutes (RFC 5321 §4.5.3.2.6); those in front of them, that
    /// wait for a person, hardly one. The mail may be stored all the same: then it comes twice, under its Message-ID.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan StandsStill = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GaugedEach = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<long> _under = [];
    private Task<Gauged>? _gauging;
    private long _gaugedAt;
    private long _promised;

    /// <summary>Null when a mail of so many octets can be taken.</summary>
    public async ValueTask<SmtpReply?> RefusalAsync(long octets)
    {
        try
        {
            return IsStandingStill() ? SmtpReplies.StoreDown
                : await GaugeAsync() is { IsFull: false, Room: var room } && TryPromise(octets, room) ? null
                : SmtpReplies.StoreFull;
        }
        catch (TimeoutException)
        {
            return SmtpReplies.StoreDown; // Neither the disk nor the database says anything.
        }
        catch (StoreUnavailableException exception)
        {
            return exception.Fault == StoreFault.Full ? SmtpReplies.StoreFull : SmtpReplies.StoreDown;
        }
    }

    /// <summary>A mail is on its way to the disk; to be given to <see cref="End"/>.</summary>
    public LinkedListNode<long> Begin()
    {
        lock (_gate)
        {
            return _under.AddLast(time.GetTimestamp());
        }
    }

    public void End(LinkedListNode<long> begun)
    {
        lock (_gate)
        {
            _under.Remove(begun);
        }
    }

    private bool IsStandingStill()
    {
        lock (_gate)
        {
            return _under.First is { Value: var since } && time.GetElapsedTime(since) > StandsStill;
        }
    }

    // What was let in since the disk was asked may not be written yet.
    private bool TryPromise(long octets, long room)
    {
        lock (_gate)
        {
            bool fits = _promised + octets <= room;
            _promised += fits ? octets : 0;
            return fits;
        }
    }

    /// <summary>
    /// What was found within the last second, or is being found. On a thread of the pool and by one at a time: a disk that hangs holds that one, and
    /// neither the loop on which whoever asks has others to serve, nor a thread more each second.
    /// </summary>
    /// <exception cref="TimeoutException">It takes too long.</exception>
    private Task<Gauged> GaugeAsync()
    {
        lock (_gate)
        {
            var since = _gauging is null ? TimeSpan.MaxValue : time.GetElapsedTime(_gaugedAt);
            if (_gauging is null || (_gauging.IsCompleted && since >= GaugedEach))
            {
                _gaugedAt = time.GetTimestamp();
                _promised = 0;
                _gauging = Task.Run(Gauge);
                since = TimeSpan.Zero;
            }

            return _gauging.IsCompleted ? _gauging
                : since > StandsStill ? throw new TimeoutException("The store does not say how full it is.")
                : _gauging.WaitAsync(StandsStill - since, time);
        }
    }

    private Gauged Gauge()
    {
        long room = store.MailFiles.Room();
        return new Gauged(room, store.Read(t => t.Spool.HasWaiting(mostWaiting) || t.Outbox.HasAnswersWaiting(mostWaiting)));
    }

    /// <param name="Room">Octets that the disk had room for.</param>
    /// <param name="IsFull">Too many wait.</param>
    private sealed record Gauged(long Room, bool IsFull);
}
