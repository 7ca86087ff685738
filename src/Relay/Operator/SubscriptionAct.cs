namespace Relay.Operator;

/// <summary>What the operator's hand did to a subscription.</summary>
/// <param name="Done">False where nothing was changed.</param>
/// <param name="Sentence">What was done, or why it was not.</param>
internal sealed record SubscriptionAct(bool Done, string Sentence)
{
    /// <summary>The subscription as the act left it; null where nothing was done.</summary>
    public SubscriptionReport? Subscription { get; init; }
}
