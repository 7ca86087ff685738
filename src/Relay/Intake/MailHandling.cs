using Microsoft.Extensions.Logging;
using Relay.Access;
using Relay.Store;
using Relay.Wire.Mime;

namespace Relay.Intake;

/// <summary>
/// One mail, from the spool to its answers. 1 reads it; 2 plans a step for each of our addresses that it was sent to (one
/// request a service); 3 runs all steps, tells the sender what it asked to be told, and settles the mail, in one transaction; 4 rings for subscriptions that changed.
/// </summary>
internal sealed class MailHandling(
    IStore store,
    RecipientDirectory directory,
    ServiceRequests services,
    TokenMails tokens,
    ReceiptReports reports,
    MimeLimits limits,
    IntakeMeters meters,
    TimeProvider time,
    ILogger<MailHandling> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public async Task RunAsync(SpooledMail spooled, CancellationToken cancellationToken)
    {
        using var stage = StageTraces.Begin("intake", spooled.MailId);
        var mail = IncomingMail.Read(spooled, store.MailFiles.Load(spooled.Content), limits); // 1
        var steps = new List<StepPlan>();
        var recipients = MailRecipient.AllOf(spooled, directory);
        foreach (var recipient in recipients.Where(recipient => recipient.Known is not null).DistinctBy(recipient => recipient.Known))
        {
            using var step = StageTraces.Step("operation");
            steps.Add(await PlanAsync(mail, recipient, cancellationToken)); // 2
        }

        if (steps.OfType<StepPlan.Wait>().FirstOrDefault() is { } wait)
        {
            await ReleaseAsync(spooled, wait.Reason);
            return;
        }

        foreach (string answer in (await CommitAsync(mail, steps, reports.For(mail, recipients))).Select(outcome => outcome.LedTo).OfType<string>()) // 3, 4
        {
            StageTraces.LeadsTo(stage, answer);
        }
    }

    /// <summary>What tells the sender of a mail that is set aside, once, that the fault is ours; to be run with that. Null where nobody is to be told.</summary>
    public Action<IStoreTransaction>? Apology(SpooledMail spooled)
    {
        var mail = IncomingMail.Read(spooled, store.MailFiles.Load(spooled.Content), limits);
        var apology = MailRecipient.AllOf(spooled, directory)
            .Select(recipient => recipient.Known)
            .OfType<KnownRecipient.Service>()
            .Select(service => services.Apologise(mail, service.Address))
            .FirstOrDefault();
        return apology is null ? null : transaction =>
        {
            if (transaction.Spool.Apologise(spooled.Id))
            {
                apology.Run(transaction);
            }
        };
    }

    private async Task<StepPlan> PlanAsync(IncomingMail mail, MailRecipient recipient, CancellationToken cancellationToken) => recipient.Known switch
    {
        KnownRecipient.Service service => await services.PlanAsync(mail, service.Address, cancellationToken),
        KnownRecipient.Token token => tokens.Plan(mail, token),
        KnownRecipient.Postmaster role => ForwardedMails.Plan(mail, role.Address, recipient.Wishes),
        KnownRecipient.Foreign foreign => ForwardedMails.Plan(mail, foreign.Address, recipient.Wishes),
        _ => throw new InvalidOperationException("The cases of KnownRecipient are closed."),
    };

    private async Task<List<StepOutcome>> CommitAsync(IncomingMail mail, List<StepPlan> steps, NewOutboxMail? report)
    {
        var (spooled, now) = (mail.Spooled, time.GetUtcNow());
        var outcomes = await store.CommitAsync(
            transaction =>
            {
                var done = steps.OfType<StepPlan.Commit>().Select(step => step.Run(transaction)).ToList();
                if (report is not null)
                {
                    transaction.Outbox.Add(report);
                }

                transaction.Spool.Settle(spooled.Id, Told(done), now);
                transaction.Handled.Add(
                    new HandledMail(spooled.Id, now, mail.RequestId, [.. done.Select(outcome => outcome.LedTo).Append(report?.MessageId).OfType<string>()]));
                return done;
            },
            CancellationToken.None);
        foreach (long id in outcomes.Select(outcome => outcome.ChangedSubscription).OfType<long>())
        {
            store.Bells.Subscriptions.Ring(id);
        }

        outcomes.ForEach(meters.Done);
        IntakeLog.Settled(logger, spooled.MailId, Told(outcomes));
        return outcomes;
    }

    private async Task ReleaseAsync(SpooledMail spooled, string reason)
    {
        IntakeLog.Waits(logger, spooled.MailId, reason);
        double wait = Math.Min(Math.Pow(2, Math.Min(spooled.Attempts, 16)), LongestWait.TotalSeconds);
        var notBefore = time.GetUtcNow() + TimeSpan.FromSeconds(wait);
        await store.CommitAsync(transaction => transaction.Spool.Release(spooled.Id, notBefore, reason), CancellationToken.None);
    }

    private static string Told(List<StepOutcome> outcomes) =>
        outcomes.Count == 0 ? "ignored: none of its recipients is ours any more" : string.Join("; ", outcomes.Select(outcome => outcome.Text));
}
