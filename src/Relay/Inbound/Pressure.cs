using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>
/// Whether another mail can be taken now, so that its sender is told at MAIL and keeps it (RFC 5321 §4.2.1, 4yz). Not while the disk is nearly full, nor while
/// so much waits in the spool or so many answers wait for the smarthost that more would only grow, nor while the store stands still. Notifications do
/// not count: a subscription has one under way at most. What is passed on for others counts at RCPT, against itself alone.
/// </summary>
/// <remarks>
/// Answers are bounded by fair shares: of a domain as many may wait as there is room left for those of all others. So one domain that takes nothing
/// stops at half of the bound, two at a third each, and who is answered elsewhere is heard. Who asks is known at MAIL by the reverse-path alone; where
/// that is of another domain than the answers, these count for half of the bound at most, so that they too shut nobody else out.
/// </remarks>
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

    private static readonly SmtpReply TooManyForDomain =
        SmtpReplies.Make(452, 4, 3, 1, "too many answers wait for your domain to take them, come again later");

    private static readonly TimeSpan StandsStill = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GaugedEach = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<long> _under = [];
    private Task<Gauged>? _gauging;
    private long _gaugedAt;
    private long _coming;
    private long _come;

    /// <summary>Null when a mail of so many octets can be taken.</summary>
    /// <param name="octets">As the client announces it.</param>
    /// <param name="sender">The reverse-path; null of a report, which is not answered.</param>
    public async ValueTask<SmtpReply?> RefusalAsync(long octets, MailAddress? sender)
    {
        try
        {
            if (IsStandingStill())
            {
                return SmtpReplies.StoreDown;
            }

            var (room, waiting) = await GaugeAsync();
            return waiting.IsTooMuch ? SmtpReplies.StoreFull
                : sender is not null && waiting.CrowdedLanes.Contains(LaneKey.Of(sender.Domain)) ? TooManyForDomain
                : octets + Unwritten() > room ? SmtpReplies.StoreFull
                : null;
        }
        catch (TimeoutException)
        {
            return SmtpReplies.StoreDown; // Neither the disk nor the database says anything.
        }
        catch (StoreUnavailableException exception)
        {
            return exception.Fault == StoreFault.Full ? SmtpReplies.StoreFull : SmtpReplies.StoreDown;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SmtpReplies.StoreDown; // The folder of large mails is not to be reached.
        }
    }

    /// <summary>Null when a mail that goes on to the smarthost can be taken.</summary>
    public async ValueTask<SmtpReply?> RefusalToPassOnAsync()
    {
        try
        {
            return (await GaugeAsync()).Waiting.IsTooMuchPassedOn ? SmtpReplies.StoreFull : null;
        }
        catch (TimeoutException)
        {
            return SmtpReplies.StoreDown;
        }
        catch (StoreUnavailableException exception)
        {
            return exception.Fault == StoreFault.Full ? SmtpReplies.StoreFull : SmtpReplies.StoreDown;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SmtpReplies.StoreDown; // The folder of large mails is not to be reached.
        }
    }

    /// <summary>The content of a mail begins to come; to be followed by <see cref="Come"/>.</summary>
    /// <param name="announced">Its octets, as the client says.</param>
    public void Expect(long announced)
    {
        lock (_gate)
        {
            _coming += announced;
        }
    }

    /// <summary>The content is there, or comes no more.</summary>
    /// <param name="announced">As they were expected.</param>
    /// <param name="written">Octets that did come.</param>
    public void Come(long announced, long written)
    {
        lock (_gate)
        {
            _coming -= announced;
            _come += written;
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

    // What the disk did not know of when it was asked. Only content under way counts, not what MAIL announces: that costs a client nothing, and whoever
    // announced and went, again and again, would have the room of all others.
    private long Unwritten()
    {
        lock (_gate)
        {
            return _coming + _come;
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
                _come = 0;
                _gauging = Task.Run(Gauge);
                since = TimeSpan.Zero;
            }

            return _gauging.IsCompleted ? _gauging
                : since > StandsStill ? throw new TimeoutException("The store does not say how full it is.")
                : _gauging.WaitAsync(StandsStill - since, time);
        }
    }

    private Gauged Gauge() => new(store.MailFiles.Room(), store.Read(t => WaitingMail.Count(t, mostWaiting)));

    /// <param name="Room">Octets that the disk had room for.</param>
    /// <param name="Waiting">Mails that waited.</param>
    private sealed record Gauged(long Room, WaitingMail Waiting);
}
