using System.Globalization;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Operator;

/// <summary>"Where is my mail?": the whole story of an id in order of time, as far as rows are kept. Costs what the story needs; an id that is
/// found nowhere costs a look through the spool.</summary>
internal sealed class Tracer(IStore store, TimeProvider time)
{
    private const int ActionsRead = 10_000;

    /// <summary>Empty when nothing that is kept has this id.</summary>
    public IReadOnlyList<TraceStep> Trace(string asked) => store.Read(transaction =>
    {
        var found = new TraceSearch(transaction, store.MailFiles).Run(asked);
        if (found.IsEmpty)
        {
            return [];
        }

        var steps = new List<TraceStep>();
        steps.AddRange(found.Spooled.SelectMany(id => Incoming(transaction, id)));
        steps.AddRange(found.Outgoing.SelectMany(id => Outgoing(transaction, id)));
        steps.AddRange(found.Subscriptions.SelectMany(id => Subscribed(transaction, id)));
        steps.AddRange(found.Events.Select(logged => Event(transaction, logged)));
        steps.AddRange(transaction.OperatorActions.After(0, ActionsRead).Where(action => Concerns(found, action)).Select(ByHand));
        return steps.OrderBy(step => step.At).ToList();
    });

    private IEnumerable<TraceStep> Incoming(IStoreTransaction transaction, long id)
    {
        string subject = new QueueId(true, id).ToString();
        if (transaction.Spool.Find(id) is not { } entry)
        {
            yield break;
        }

        var mail = QueuedMails.Of(entry);
        yield return new TraceStep(entry.ReceivedAt, subject, "received", $"{Origin(entry.Origin)}: {Envelope(mail)}, our id {entry.MailId}");
        var handled = transaction.Handled.Find(id);
        if (handled is not null)
        {
            string answers = handled.LedTo.Count == 0 ? "" : $"; led to {string.Join(", ", handled.LedTo)}";
            yield return new TraceStep(handled.HandledAt, subject, "handled", $"request {handled.RequestId}: {entry.Note}{answers}");
        }
        else if (entry.State != SpoolState.Done)
        {
            yield return Standing(subject, mail);
        }
    }

    private IEnumerable<TraceStep> Outgoing(IStoreTransaction transaction, long id)
    {
        if (transaction.Outbox.Find(id) is not { } entry || transaction.Outbox.Trail(id) is not { } trail)
        {
            yield break;
        }

        var mail = QueuedMails.Of(entry, transaction);
        string ofWhat = mail.Subscription is null ? mail.Kind : string.Create(CultureInfo.InvariantCulture, $"{mail.Kind} {mail.Sequence} of {mail.Subscription}");
        yield return new TraceStep(entry.CreatedAt, mail.Id, "made", $"{ofWhat}: {entry.MessageId}, {Envelope(mail)}");
        foreach (var failure in trail.Failures)
        {
            yield return new TraceStep(failure.At, mail.Id, "attempt failed", failure.Note);
        }

        yield return trail.SettledAt is { } settled
            ? new TraceStep(settled, mail.Id, mail.State, string.Create(CultureInfo.InvariantCulture, $"attempt {entry.Attempts}: {entry.Note}"))
            : Standing(mail.Id, mail);
    }

    private static IEnumerable<TraceStep> Subscribed(IStoreTransaction transaction, long id)
    {
        if (transaction.Subscriptions.Find(id) is not { } subscription)
        {
            yield break;
        }

        var report = SubscriptionDesk.Report(transaction, subscription, new WatermarkCodec(transaction.Identity.LogId));
        string folders = report.Folders.Count == 0 ? "all folders" : string.Join(", ", report.Folders);
        yield return new TraceStep(
            report.Created, report.Id, "subscribed", $"{report.Kind}, {report.Mailbox}: {folders}; for {report.Owner}, mails to {report.NotifyAddress}");
        if (report.State != "active")
        {
            yield return new TraceStep(report.LastActivity, report.Id, report.State, $"{report.Reason ?? "no reason is stored"} (the time is that of its last activity)");
        }
    }

    private static TraceStep Event(IStoreTransaction transaction, LoggedEvent logged) => new(
        logged.Event.TimeStamp,
        string.Create(CultureInfo.InvariantCulture, $"event {logged.Position.Value}"),
        logged.Gap is null ? "happened" : "gap",
        logged.Gap is { } gap
            ? $"in {transaction.Watches.AddressOf(logged.MailboxId)}: {gap.Reason}"
            : $"{logged.Event.Type}Event in {transaction.Watches.AddressOf(logged.MailboxId)}, {logged.Event.Object.Id}{(logged.CaughtUp ? ", found by catching up" : "")}");

    private TraceStep Standing(string subject, QueuedMail mail) => new(
        time.GetUtcNow(),
        subject,
        mail.State,
        string.Create(CultureInfo.InvariantCulture, $"now, after {mail.Attempts} attempts{(mail.NextTry is { } next ? $", next try {Plain.Time(next)}" : "")}{(mail.LastOutcome is null ? "" : $": {mail.LastOutcome}")}"));

    private static TraceStep ByHand(OperatorAction action) => new(
        action.DoneAt,
        action.SpoolId is { } spool ? new QueueId(true, spool).ToString()
            : action.OutboxId is { } outbox ? new QueueId(false, outbox).ToString()
            : "subscription",
        "by hand",
        $"{action.Action} by the operator");

    private static bool Concerns(TraceFinds found, OperatorAction action) =>
        (action.SpoolId is { } spool && found.Spooled.Contains(spool))
        || (action.OutboxId is { } outbox && found.Outgoing.Contains(outbox))
        || (action is { OutboxId: null, SubscriptionId: { } subscription } && found.Subscriptions.Contains(subscription));

    private static string Origin(MailOrigin origin) =>
        $"by {origin.Via}"
        + (origin.ClientAddress is null ? "" : $" from {origin.ClientAddress} ({origin.HelloName ?? "no greeting"}, {(origin.Tls ? "TLS" : "no TLS")}{(origin.Account is null ? "" : $", account {origin.Account}")})");

    private static string Envelope(QueuedMail mail) =>
        string.Create(CultureInfo.InvariantCulture, $"<{mail.From}> to {string.Join(", ", mail.To)}, {mail.Bytes} octets");
}
