using Relay.Store;

namespace Relay.Intake;

/// <summary>What is to be done about a mail as a whole.</summary>
internal abstract record MailPlan
{
    private MailPlan()
    {
    }

    /// <summary>In the transaction that settles the mail.</summary>
    /// <param name="Steps">One for each of our addresses, in the order of the recipients.</param>
    /// <param name="Report">What tells the sender what became of the mail; null where it is told nothing.</param>
    public sealed record Commit(IReadOnlyList<StepPlan.Commit> Steps, NewOutboxMail? Report) : MailPlan;

    /// <summary>Not now; the mail is looked at again later.</summary>
    public sealed record Wait(string Reason) : MailPlan;
}
