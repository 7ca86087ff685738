using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Bounces;

/// <summary>
/// Keeps count of the mail of a subscription that did not arrive. Enough of it suspends the subscription, and sets its cursor back to before the
/// first mail that was lost, so that whoever lets it go on, we or its owner, tells exactly what was missed.
/// </summary>
internal sealed class BounceBook(BounceOptions options)
{
    private const int LongestReason = 300;
    private const string CameBack = "came back: ";
    private static readonly TimeSpan LongestProbeWait = TimeSpan.FromDays(1);

    // RFC 5321 §4.5.4.1: "at least 4-5 days". Whoever returned a mail after that has tried its address all the time.
    private static readonly TimeSpan DaysOfTrying = TimeSpan.FromDays(4);

    // Of what the smarthost took; afterwards the mail that a report names is not kept any more.
    private static readonly TimeSpan LatestNews = TimeSpan.FromDays(7);

    // Other mail of the subscription waits behind it.
    private static readonly TimeSpan GapRepeatAfter = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A mail of a subscription came back after the smarthost had taken it. Each mail counts once. One that was tried for days says as much as
    /// one that we give up ourselves, whatever kept it.
    /// </summary>
    /// <returns>For the operator.</returns>
    public string NoteReturned(IStoreTransaction transaction, OutboxEntry mail, BounceKind kind, string reason, DateTimeOffset now)
    {
        string note = $"{CameBack}{Cut(reason)}";
        bool wasTriedForDays = mail.State == OutboxState.Delivered && now - transaction.Outbox.Trail(mail.Id)?.SettledAt >= DaysOfTrying;
        if (!transaction.Outbox.Returned(mail.Id, note, now))
        {
            return $"ignored: {mail.MessageId} is known to have failed";
        }

        transaction.Outbox.NoteFailure(mail.Id, new FailedAttempt(now, note));
        return Note(transaction, mail, wasTriedForDays && kind == BounceKind.Soft ? BounceKind.Hard : kind, reason, now);
    }

    /// <summary>The smarthost refused a mail for good, or it was tried for too long. The mail is settled already.</summary>
    public void NoteGivenUp(IStoreTransaction transaction, OutboxEntry mail, BounceKind kind, string reason, DateTimeOffset now)
    {
        if (mail is { Kind: OutboxKind.Notification, SubscriptionId: not null })
        {
            Note(transaction, mail, kind, reason, now);
        }
    }

    /// <summary>The probe that is out arrived, or came back.</summary>
    public string NoteProbe(IStoreTransaction transaction, BounceRecord record, BounceKind kind, string reason, DateTimeOffset now)
    {
        switch (kind)
        {
            case BounceKind.Arrived when transaction.Subscriptions.Find(record.SubscriptionId) is not { State: SubscriptionState.Suspended }:
                return $"subscription {record.SubscriptionId} is not suspended any more";
            case BounceKind.Arrived:
                Resume(transaction, record, now);
                return $"the probe of subscription {record.SubscriptionId} arrived: it goes on";
            case BounceKind.None:
                transaction.Bounces.Save(record with { NextAt = now + LongestProbeWait });
                return $"the probe of subscription {record.SubscriptionId} is not there yet";
            case BounceKind.Soft or BounceKind.Hard:
                transaction.Bounces.Save(record with { ProbeId = null, LastAt = now, NextAt = NextProbe(record, now), Reason = Cut(reason) });
                return $"the probe of subscription {record.SubscriptionId} came back";
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>Lets a suspended subscription go on from where its first lost mail left it. The next mail that is lost suspends it again.</summary>
    public void Resume(IStoreTransaction transaction, BounceRecord record, DateTimeOffset now)
    {
        transaction.Subscriptions.SetState(record.SubscriptionId, SubscriptionState.Active, null, now);
        transaction.Bounces.Save(record with
        {
            Score = options.SoftLimit - 1,
            LastAt = now,
            SuspendedAt = null,
            NextAt = ForgottenAt(now),
            MissedFrom = null,
            ProbeId = null,
        });
    }

    /// <summary>
    /// When a record is of no use any more: mail that was sent before then, or that was lost while the subscription was suspended, may still be
    /// reported for days, and is to be judged by it.
    /// </summary>
    public DateTimeOffset ForgottenAt(DateTimeOffset lastAt) => lastAt + options.ForgetAfter + LatestNews;

    /// <summary>When it is to be asked again; the end comes no later than its time.</summary>
    public DateTimeOffset NextProbe(BounceRecord record, DateTimeOffset now)
    {
        var wait = options.ProbeAfter * Math.Pow(2, Math.Min(record.Probes, 20));
        var longest = options.ProbeAfter > LongestProbeWait ? options.ProbeAfter : LongestProbeWait;
        var next = now + (wait < longest ? wait : longest);
        var end = EndsAt(record, now);
        return next < end ? next : end;
    }

    /// <summary>
    /// When a suspended one is ended: EndAfter its suspension, or after the first of a series. A way that takes probes and loses what follows them
    /// would otherwise let it go on and suspend it for ever.
    /// </summary>
    public DateTimeOffset EndsAt(BounceRecord record, DateTimeOffset now) => (record.TroubledSince ?? record.SuspendedAt ?? now) + options.EndAfter;

    private string Note(IStoreTransaction transaction, OutboxEntry mail, BounceKind kind, string reason, DateTimeOffset now)
    {
        if (mail.SubscriptionId is not { } id || transaction.Subscriptions.Find(id) is not { } subscription || subscription.State == SubscriptionState.Ended)
        {
            return "ignored: its subscription has ended";
        }

        var record = transaction.Bounces.Find(id);
        if (mail.Sequence is null)
        {
            return record?.ProbeId == mail.MessageId ? NoteProbe(transaction, record, kind, reason, now) : "ignored: an old probe";
        }

        bool goesOn = subscription.State == SubscriptionState.Active;
        if (record is not null && IsToldAgain(record, goesOn, mail))
        {
            TellGapOnceMore(transaction, mail, now);
            return $"ignored: mail {mail.Sequence} of subscription {id} was sent before it went on";
        }

        var noted = Count(StandingOf(record, goesOn, mail, now), mail, kind, reason, now);
        if (noted.Score < options.SoftLimit)
        {
            transaction.Bounces.Save(noted);
            TellGapAgain(transaction, mail, now);
            return $"mail {mail.Sequence} of subscription {id} came back, {noted.Score} of {options.SoftLimit}: {noted.Reason}";
        }

        Suspend(transaction, subscription, noted, now);
        return $"mail {mail.Sequence} of subscription {id} came back, it is suspended: {noted.Reason}";
    }

    // Late news of a mail from before the suspension, which its owner or a probe has ended: everything from the first lost mail on has been told again.
    private static bool IsToldAgain(BounceRecord record, bool goesOn, OutboxEntry mail) =>
        (record.SuspendedAt is null || goesOn) && (mail.CreatedAt < record.SuspendedAt || (record.Probes > 0 && mail.CreatedAt < record.LastAt));

    // What is known against the subscription already.
    private BounceRecord StandingOf(BounceRecord? record, bool goesOn, OutboxEntry mail, DateTimeOffset now)
    {
        if (record is { SuspendedAt: not null } && goesOn)
        {
            // Its owner let it go on.
            record = record with { Score = options.SoftLimit - 1, SuspendedAt = null, MissedFrom = null, ProbeId = null, TroubledSince = null };
        }

        // Whether it was quiet shows by when the mail was sent; the news of it may be days late.
        bool isRecent = record is not null && (record.SuspendedAt is not null || mail.CreatedAt - record.LastAt < options.ForgetAfter);
        return isRecent ? record! : new BounceRecord(mail.SubscriptionId!.Value, 0, now, null, null, null, 0, null, "");
    }

    private BounceRecord Count(BounceRecord known, OutboxEntry mail, BounceKind kind, string reason, DateTimeOffset now) => known with
    {
        Score = kind == BounceKind.Hard ? Math.Max(options.SoftLimit, known.Score + 1) : known.Score + 1,
        LastAt = now,
        NextAt = known.SuspendedAt is null ? ForgottenAt(now) : known.NextAt,
        MissedFrom = Earlier(known.MissedFrom, mail.CursorBefore),
        Reason = Cut(reason),
    };

    private void Suspend(IStoreTransaction transaction, Subscription subscription, BounceRecord record, DateTimeOffset now)
    {
        transaction.Outbox.DropOfSubscription(subscription.Id); // what it tells is told again
        SetBack(transaction, subscription, record.MissedFrom, now);
        if (subscription.State == SubscriptionState.Active)
        {
            transaction.Subscriptions.SetState(subscription.Id, SubscriptionState.Suspended, $"its mail comes back: {record.Reason}", now);
            record = record with { SuspendedAt = now, TroubledSince = record.TroubledSince ?? now };
            record = record with { NextAt = NextProbe(record, now) };
        }

        transaction.Bounces.Save(record);
    }

    // What was told again since began at the first mail known to be lost, and this one may stand before it. Nothing else bounds the repeats here.
    private static void TellGapOnceMore(IStoreTransaction transaction, OutboxEntry mail, DateTimeOffset now)
    {
        if (transaction.Outbox.Trail(mail.Id)?.Failures.Count(failure => failure.Note.StartsWith(CameBack, StringComparison.Ordinal)) == 1)
        {
            TellGapAgain(transaction, mail, now);
        }
    }

    // A lost page shows in the chain of watermarks, and can be asked for again; of a lost Gap mail nothing shows.
    private static void TellGapAgain(IStoreTransaction transaction, OutboxEntry mail, DateTimeOffset now)
    {
        if (transaction.Outbox.Content(mail.Id) is { } content && GapField.IsIn(content.Span) && transaction.Outbox.Repeat(mail.Id))
        {
            transaction.Outbox.Retry(mail.Id, now + GapRepeatAfter, $"came back, and tells of a gap: mailed again");
        }
    }

    private static void SetBack(IStoreTransaction transaction, Subscription subscription, LogPosition? to, DateTimeOffset now)
    {
        if (to is not { } position)
        {
            return;
        }

        if (position.Value < subscription.Cursor.Value)
        {
            transaction.Subscriptions.Touch(subscription.Id, now, position);
        }

        // A gap behind it was told by a mail that may be among those lost, and so may be the one whose acknowledgement is awaited.
        var settings = SubscriptionSettings.Of(subscription);
        var changed = settings with { GapToldAt = settings.GapToldAt > position.Value ? 0 : settings.GapToldAt, Awaited = null };
        if (transaction.Events.OldestRetained() is var retained && position.Value < retained.Value && settings.GapToldAt < retained.Value)
        {
            // What the lost mails told is gone from the log.
            changed = changed with { Dropped = new DroppedEvents(retained.Value, settings.Dropped?.From, now) };
        }

        if (changed != settings)
        {
            changed.Save(transaction, subscription);
        }
    }

    private static LogPosition? Earlier(LogPosition? one, LogPosition? other) =>
        one is { } a && other is { } b ? (a.Value < b.Value ? a : b) : one ?? other;

    private static string Cut(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason];
}
