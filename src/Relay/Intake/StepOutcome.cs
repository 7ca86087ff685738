namespace Relay.Intake;

/// <summary>What a step came to.</summary>
/// <param name="Text">For the operator, in the spool row and the log.</param>
/// <param name="ChangedSubscription">The subscription to be looked at again.</param>
internal sealed record StepOutcome(string Text, long? ChangedSubscription = null);
