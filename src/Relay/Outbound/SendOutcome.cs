using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>What a sender did with a mail.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The smarthost was asked to take it.</summary>
    public sealed record Tried(DeliveryOutcome Outcome) : SendOutcome
    {
        /// <summary>The smarthost's name; null where it came to no conversation.</summary>
        public string? Smarthost { get; init; }

        /// <summary>The smarthost offers DSN, so it was told what the sender wants to know, and tells it.</summary>
        public bool IsReported { get; init; }

        /// <summary>From MAIL to the outcome.</summary>
        public TimeSpan Took { get; init; }

        /// <summary>For how long its domain was found to hang, this time included; zero where it does not.</summary>
        public TimeSpan HungFor { get; init; }
    }

    /// <summary>It was not: the smarthost is away, or we are stopping. No attempt is counted.</summary>
    /// <param name="Reason">For the operator.</param>
    /// <param name="Wait">Before it is looked at again.</param>
    public sealed record NotTried(string Reason, TimeSpan Wait) : SendOutcome;

    /// <summary>
    /// Another mail to its domain was tried and found that to hang: what that says of the domain holds for this one too. No attempt is counted.
    /// </summary>
    /// <param name="Other">What became of the other.</param>
    /// <param name="Wait">Before it is looked at again.</param>
    public sealed record HeldUp(Tried Other, TimeSpan Wait) : SendOutcome;

    /// <summary>Its subscription has ended or is suspended.</summary>
    public sealed record Withdrawn : SendOutcome;

    /// <summary>It waited for longer than it was claimed, and another has it: nothing is left for us to settle.</summary>
    public sealed record ClaimLost : SendOutcome;

    /// <summary>Its row is damaged, so that it can never be sent.</summary>
    public sealed record Unsendable(string Reason) : SendOutcome;

    public static string Describe(SendOutcome outcome) => outcome switch
    {
        Tried tried => Describe(tried.Outcome),
        NotTried notTried => notTried.Reason,
        HeldUp heldUp => $"its domain hangs: {Describe(heldUp.Other.Outcome)}",
        Withdrawn => "its subscription has ended or is suspended",
        ClaimLost => "its claim had run out, and another has it",
        Unsendable unsendable => unsendable.Reason,
        _ => throw new InvalidOperationException("The cases of SendOutcome are closed."),
    };

    public static string Describe(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Delivered delivered => delivered.Reply.ToString(),
        DeliveryOutcome.Deferred deferred => $"{deferred.Stage}: {deferred.Reason}",
        DeliveryOutcome.Refused refused => $"{refused.Stage}: {refused.Reply}",
        _ => throw new InvalidOperationException("The cases of DeliveryOutcome are closed."),
    };
}
