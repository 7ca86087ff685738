using Relay.Smtp.Client;
using Relay.Wire.Soap;

namespace Relay.Client.Mail;

/// <summary>What became of a request.</summary>
internal abstract record RelayAnswer
{
    private RelayAnswer()
    {
    }

    /// <summary>The answer came. An EWS error is such an answer too; what the body says is its service's matter.</summary>
    public sealed record Answered(SoapEnvelope Envelope) : RelayAnswer;

    /// <summary>The service refused the whole request with a SOAP fault.</summary>
    public sealed record Faulted(SoapFault Fault) : RelayAnswer;

    /// <summary>
    /// The mail server did not take the request, and nothing is executed; but if the connection broke at
    /// <see cref="DeliveryStage.AfterFinalDot"/>, it may have taken it. Repeat it with its id.
    /// </summary>
    /// <param name="Outcome">Refused or deferred.</param>
    /// <param name="MessageId">The request's id.</param>
    public sealed record NotSent(DeliveryOutcome Outcome, string MessageId) : RelayAnswer;

    /// <summary>A mail server on the way took the request and could not deliver it: nothing was executed.</summary>
    /// <param name="Reason">What that server says, for people.</param>
    public sealed record Bounced(string Reason) : RelayAnswer;

    /// <summary>A mail answers the request, but holds no SOAP envelope.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unreadable(string Reason) : RelayAnswer;

    /// <summary>The request was taken, and nobody here listens for its answer (<see cref="RelayMailOptions.Listen"/> is null).</summary>
    /// <param name="MessageId">The answer's In-Reply-To will name it.</param>
    public sealed record NotAwaited(string MessageId) : RelayAnswer;

    /// <summary>No answer within <see cref="RelayMailOptions.AnswerTimeout"/>; the request may be executed and answered later.</summary>
    /// <param name="MessageId">The request's id, to repeat it or to ask the relay's operator for.</param>
    /// <param name="After">How long was waited.</param>
    public sealed record TimedOut(string MessageId, TimeSpan After) : RelayAnswer;
}
