using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Crash;

/// <summary>What a campaign found: figures to print, and violations, of which there must be none.</summary>
internal sealed record Verdict(IReadOnlyList<string> Figures, IReadOnlyList<string> Violations)
{
    /// <summary>The promises, held against everything that was received.</summary>
    internal static Verdict Of(Ledger ledger, IReadOnlyList<Subscriber> subscribers, IReadOnlyList<RecordedMail> mails)
    {
        IEnumerable<string> violations = UnansweredIds(ledger, mails).Select(id => $"{id} got a 250 and no answer")
            .Concat(Repeats(mails))
            .Concat(AnsweredDifferently(mails))
            .Concat(subscribers.SelectMany(subscriber => subscriber.Violations(mails, ledger.CreatedIn(subscriber.Mailbox))));
        return new Verdict(CountAll(ledger, subscribers, mails), [.. violations]);
    }

    /// <summary>Requests that got a 250 and no answer.</summary>
    internal static IEnumerable<string> UnansweredIds(Ledger ledger, IEnumerable<RecordedMail> mails)
    {
        HashSet<string> answered = [.. mails.Where(mail => mail.IsAccepted).Select(mail => mail.InReplyTo).OfType<string>()];
        return ledger.Accepted.Keys.Where(id => !answered.Contains(id));
    }

    /// <summary>What has one Message-ID has the same octets, however often it was sent and whatever became of it.</summary>
    private static IEnumerable<string> Repeats(IEnumerable<RecordedMail> mails) => mails
        .GroupBy(mail => mail.MessageId)
        .Where(same => same.Key is null || same.Any(mail => !mail.Content.Span.SequenceEqual(same.First().Content.Span)))
        .Select(same => $"two mails bear the Message-ID {same.Key}");

    /// <summary>An answer, or the notification of a sequence number, keeps its Message-ID when it is repeated.</summary>
    private static IEnumerable<string> AnsweredDifferently(IEnumerable<RecordedMail> mails) => mails
        .GroupBy(mail => mail.InReplyTo ?? $"{mail.Field("Relay-Subscription")} {mail.Field("Relay-Sequence")}")
        .Where(same => same.Select(mail => mail.MessageId).Distinct().Count() > 1)
        .Select(same => $"{same.Key} was sent under {same.Select(mail => mail.MessageId).Distinct().Count()} Message-IDs");

    private static List<string> CountAll(Ledger ledger, IReadOnlyList<Subscriber> subscribers, IReadOnlyList<RecordedMail> mails)
    {
        int notifications = mails.Where(mail => mail.Field("Relay-Sequence") is not null).DistinctBy(mail => mail.MessageId).Count();
        return
        [
            $"{ledger.Accepted.Count} requests accepted, {ledger.Unknown} cut or not connected, {ledger.Refused} refused for now",
            $"{ledger.CreatedItems} items created, {subscribers.Count} subscriptions, {notifications} notifications"
                + $", {mails.Count(mail => mail.Field("Relay-Caught-Up") is not null)} of them caught up",
            $"{mails.Count} mails received, {mails.Count - mails.DistinctBy(mail => mail.MessageId).Count()} of them repeats"
                + $", {mails.Count(mail => !mail.IsAccepted)} refused or cut after the final dot",
        ];
    }
}
