using Microsoft.Extensions.Logging;
using Relay.Store;
using Relay.Wire.Mime;

namespace Relay.Intake;

/// <summary>
/// One mail, from the spool to its answers. 1 reads it; 2 plans a step for each of our addresses that it was sent to (one
/// request a service); 3 runs all steps, tells the sender what it asked to be told, and settles the mail, in one transaction; 4 rings for subscriptions that changed.
/// </summary>
internal sealed class MailHandling(
    IStore store,
    MailPlanner planner,
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
        switch (await planner.PlanAsync(mail, cancellationToken)) // 2
        {
            case MailPlan.Wait wait:
                await ReleaseAsync(spooled, wait.Reason);
                return;
            case MailPlan.Commit plan:
                foreach (string answer in (await CommitAsync(mail, plan)).Select(outcome => outcome.LedTo).OfType<string>()) // 3, 4
                {
                    StageTraces.LeadsTo(stage, answer);
                }

                return;
            default:
                throw new InvalidOperationException("The cases of MailPlan are closed.");
        }
    }

    /// <summary>What tells the sender of a mail that is set aside, once, that the fault is ours; to be run with that. Null where nobody is to be told.</summary>
    public Action<IStoreTransaction>? Apology(SpooledMail spooled)
    {
        var mail = IncomingMail.Read(spooled, store.MailFiles.Load(spooled.Content), limits);
        return planner.Apology(mail) is not { } apology ? null : transaction =>
        {
            if (transaction.Spool.Apologise(spooled.Id))
            {
                apology.Run(transaction);
            }
        };
    }

    private async Task<List<StepOutcome>> CommitAsync(IncomingMail mail, MailPlan.Commit plan)
    {
        var (spooled, now) = (mail.Spooled, time.GetUtcNow());
        var outcomes = await store.CommitAsync(
            transaction =>
            {
                var done = plan.Steps.Select(step => step.Run(transaction)).ToList();
                if (plan.Report is not null)
                {
                    transaction.Outbox.Add(plan.Report);
                }

                transaction.Spool.Settle(spooled.Id, Told(done));
                transaction.Handled.Add(
                    new HandledMail(spooled.Id, now, mail.RequestId, [.. done.Select(outcome => outcome.LedTo).Append(plan.Report?.MessageId).OfType<string>()]));
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
