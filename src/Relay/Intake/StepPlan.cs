using Relay.Store;

namespace Relay.Intake;

/// <summary>What is to be done for one recipient of a mail.</summary>
internal abstract record StepPlan
{
    private StepPlan()
    {
    }

    /// <summary>To be run in the transaction that settles the mail; it may be run again after a rollback.</summary>
    public sealed record Commit(Func<IStoreTransaction, StepOutcome> Run) : StepPlan;

    /// <summary>Not now; the whole mail is looked at again later.</summary>
    public sealed record Wait(string Reason) : StepPlan;

    public static StepPlan Nothing(string outcome) => new Commit(_ => new StepOutcome(outcome));
}
