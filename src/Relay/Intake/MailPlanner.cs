using Relay.Access;
using Relay.Store;

namespace Relay.Intake;

/// <summary>Plans a step for each of our addresses that a mail was sent to (one request a service), and what its sender is told.</summary>
internal sealed class MailPlanner(RecipientDirectory directory, ServiceRequests services, TokenMails tokens, ReceiptReports reports)
{
    public async Task<MailPlan> PlanAsync(IncomingMail mail, CancellationToken cancellationToken)
    {
        var steps = new List<StepPlan>();
        var recipients = MailRecipient.AllOf(mail.Spooled, directory);
        foreach (var recipient in recipients.Where(recipient => recipient.Known is not null).DistinctBy(recipient => recipient.Known))
        {
            using var step = StageTraces.Step("operation");
            steps.Add(await PlanAsync(mail, recipient, cancellationToken));
        }

        return steps.OfType<StepPlan.Wait>().FirstOrDefault() is { } wait
            ? new MailPlan.Wait(wait.Reason)
            : new MailPlan.Commit([.. steps.OfType<StepPlan.Commit>()], reports.For(mail, recipients));
    }

    /// <summary>What tells the sender of a mail that is set aside that the fault is ours. Null where nobody is to be told.</summary>
    public StepPlan.Commit? Apology(IncomingMail mail) => MailRecipient.AllOf(mail.Spooled, directory)
        .Select(recipient => recipient.Known)
        .OfType<KnownRecipient.Service>()
        .Select(service => services.Apologise(mail, service.Address))
        .FirstOrDefault();

    private async Task<StepPlan> PlanAsync(IncomingMail mail, MailRecipient recipient, CancellationToken cancellationToken) => recipient.Known switch
    {
        KnownRecipient.Service service => await services.PlanAsync(mail, service.Address, cancellationToken),
        KnownRecipient.Token token => tokens.Plan(mail, token),
        KnownRecipient.Postmaster role => ForwardedMails.Plan(mail, role.Address, recipient.Wishes),
        KnownRecipient.Foreign foreign => ForwardedMails.Plan(mail, foreign.Address, recipient.Wishes),
        _ => throw new InvalidOperationException("The cases of KnownRecipient are closed."),
    };
}
