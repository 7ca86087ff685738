namespace Relay.Intake;

/// <summary>What a step came to.</summary>
/// <param name="Text">For the operator, in the spool row and the log.</param>
/// <param name="ChangedSubscription">The subscription to be looked at again.</param>
/// <param name="LedTo">The Message-ID of the mail that went into the outbox with it.</param>
internal sealed record StepOutcome(string Text, long? ChangedSubscription = null, string? LedTo = null)
{
    /// <summary>The operation that was run; null where there was none.</summary>
    public string? Operation { get; init; }

    /// <summary>answered, fault, done (without an answer) or recorded.</summary>
    public string Result { get; init; } = "recorded";
}
