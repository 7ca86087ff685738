using Relay.Store;

namespace Relay.Exchange;

/// <summary>When something is to be done for the mailboxes of a <see cref="WatchGroup"/>: their needs seen to, or, in mode Pull, their events asked for.</summary>
/// <param name="members">By id; the group's.</param>
/// <param name="gate">Guards them.</param>
/// <param name="changed">The group's bell.</param>
/// <param name="times">When states are moved forward.</param>
internal sealed class WatchSchedule(IReadOnlyDictionary<long, MailboxWatch> members, Lock gate, Bell changed, SettlingTimes times)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Takes those whose needs are due, for the caller to see to and to <see cref="Settle"/>.</summary>
    internal IReadOnlyList<MailboxWatch> TakeDue(DateTimeOffset now)
    {
        lock (gate)
        {
            foreach (var member in members.Values.Where(member => times.Next(member) <= now))
            {
                member.LastSettled = now;
                member.FirstUnsettled = null;
                member.NeedsAdvance = true;
            }

            List<MailboxWatch> due = [.. members.Values.Where(member => member.HasNeed && !member.IsPreparing && member.NotBefore <= now)];
            due.ForEach(member => member.IsPreparing = true);
            return due;
        }
    }

    /// <summary>Ends what <see cref="TakeDue"/> began.</summary>
    internal void Settle(MailboxWatch member, DateTimeOffset notBefore)
    {
        lock (gate)
        {
            member.IsPreparing = false;
            member.NotBefore = notBefore;
        }

        changed.Ring();
    }

    /// <summary>When the next mailbox has something to be done; null when none has.</summary>
    internal DateTimeOffset? NextDue()
    {
        lock (gate)
        {
            return members.Values.Where(member => !member.IsPreparing)
                .Min(member => member.HasNeed ? member.NotBefore : times.Next(member));
        }
    }

    /// <summary>How long nothing is due, neither here nor at a time that the caller knows; an hour at most.</summary>
    internal TimeSpan UntilNext(DateTimeOffset now, DateTimeOffset? other)
    {
        var next = NextDue() ?? DateTimeOffset.MaxValue;
        next = other > now && other < next ? other.Value : next;
        var wait = next - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait;
    }

    /// <summary>Takes those that are to be asked for their events, for the caller to ask and to tell <see cref="Polled"/>.</summary>
    internal IReadOnlyList<MailboxWatch> TakePollable(DateTimeOffset now)
    {
        lock (gate)
        {
            List<MailboxWatch> due = [.. members.Values.Where(member => member is { IsReady: true, IsPolling: false } && member.NextPoll <= now)];
            due.ForEach(member => member.IsPolling = true);
            return due;
        }
    }

    internal DateTimeOffset? NextPoll()
    {
        lock (gate)
        {
            return members.Values.Where(member => member is { IsReady: true, IsPolling: false }).Min(member => (DateTimeOffset?)member.NextPoll);
        }
    }

    internal void Polled(MailboxWatch mailbox, TimeSpan interval, DateTimeOffset now)
    {
        lock (gate)
        {
            mailbox.IsPolling = false;
            mailbox.PollInterval = interval;
            mailbox.NextPoll = now + interval;
        }

        changed.Ring();
    }
}
