using System.Diagnostics.Metrics;

namespace Relay.Intake;

/// <summary>What Intake counts.</summary>
internal sealed class IntakeMeters(IMeterFactory factory)
{
    private readonly Counter<long> _requests = factory.Create("Relay.Intake")
        .CreateCounter<long>("relay.requests", description: "Steps done for received mails, by operation (none where there was none to run) and outcome");

    public void Done(StepOutcome outcome) =>
        _requests.Add(1, new KeyValuePair<string, object?>("operation", outcome.Operation ?? "none"), new KeyValuePair<string, object?>("outcome", outcome.Result));
}
