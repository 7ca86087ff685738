using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>What a sender did with a mail.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The smarthost was asked to take it.</summary>
    public sealed record Tried(DeliveryOutcome Outcome) : SendOutcome;

    /// <summary>It was not: the smarthost is away, or we are stopping. No attempt is counted.</summary>
    public sealed record NotTried(string Reason) : SendOutcome;

    /// <summary>Its subscription has ended.</summary>
    public sealed record Withdrawn : SendOutcome;

    public static string Describe(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Delivered delivered => delivered.Reply.ToString(),
        DeliveryOutcome.Deferred deferred => $"{deferred.Stage}: {deferred.Reason}",
        DeliveryOutcome.Refused refused => $"{refused.Stage}: {refused.Reply}",
        _ => throw new InvalidOperationException("The cases of DeliveryOutcome are closed."),
    };
}
