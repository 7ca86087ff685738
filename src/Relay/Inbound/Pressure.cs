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
    private static readonly TimeSpan CountedEach = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<long> _under = [];
    private long _countedAt;
    private bool _isFull;

    /// <summary>Null when a mail of so many octets can be taken.</summary>
    public async ValueTask<SmtpReply?> RefusalAsync(long octets)
    {
        try
        {
            return IsStandingStill() ? SmtpReplies.StoreDown
                : !store.MailFiles.HasRoomFor(octets) || await IsFullAsync() ? SmtpReplies.StoreFull
                : null;
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

    // One of those who ask counts, once a second.
    private async ValueTask<bool> IsFullAsync()
    {
        lock (_gate)
        {
            if (_countedAt != 0 && time.GetElapsedTime(_countedAt) < CountedEach)
            {
                return _isFull;
            }

            _countedAt = time.GetTimestamp();
        }

        await Task.Yield(); // The database is asked, and whoever calls may have others to serve.
        bool isFull = store.Read(t => t.Spool.HasWaiting(mostWaiting) || t.Outbox.HasAnswersWaiting(mostWaiting));
        Volatile.Write(ref _isFull, isFull);
        return isFull;
    }
}
