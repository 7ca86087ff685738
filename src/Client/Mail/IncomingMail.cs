using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Mail;

/// <summary>A mail that no running request waits for.</summary>
/// <param name="MessageId">As written by the sender; null where the mail has none.</param>
/// <param name="Subject">Decoded; empty where the mail has none.</param>
public abstract record IncomingMail(string? MessageId, string Subject)
{
    /// <summary>Events of a subscription, or its heartbeat.</summary>
    /// <param name="MessageId">The same on every repeat.</param>
    /// <param name="Subject">What happened, for people.</param>
    /// <param name="Content">Subscription, watermarks and events.</param>
    /// <param name="Chain">Whether anything was lost since the notification before.</param>
    /// <param name="Sequence">The subscription's mails, counted 1, 2, 3; null where the relay wrote none.</param>
    /// <param name="CaughtUp">The events were found by comparing states after an interruption, and tell net changes.</param>
    public sealed record Notification(string? MessageId, string Subject, EwsNotification Content, ChainLink Chain, long? Sequence, bool CaughtUp)
        : IncomingMail(MessageId, Subject);

    /// <summary>A subscription is in trouble: events are lost upstream (a gap), or it must be made again.</summary>
    /// <param name="MessageId">The same on every repeat.</param>
    /// <param name="Subject">What happened, for people.</param>
    /// <param name="SubscriptionId">The subscription concerned, if the mail names it.</param>
    /// <param name="Error">ErrorMissedNotificationEvents for a gap.</param>
    /// <param name="Period">From and to of the gap as the relay wrote them; null where it is no gap.</param>
    public sealed record Trouble(string? MessageId, string Subject, string? SubscriptionId, EwsError Error, string? Period)
        : IncomingMail(MessageId, Subject);

    /// <summary>An answer that nobody here waits for: its request timed out, or another program sent it.</summary>
    /// <param name="MessageId">The answer's own id.</param>
    /// <param name="Subject">The request's, with <c>Re:</c>.</param>
    /// <param name="InReplyTo">The request's id.</param>
    /// <param name="Envelope">The answer, which may hold a fault.</param>
    public sealed record Answer(string? MessageId, string Subject, string InReplyTo, SoapEnvelope Envelope) : IncomingMail(MessageId, Subject);

    /// <summary>A mail that is none of these, for example a bounce.</summary>
    /// <param name="MessageId">Its id.</param>
    /// <param name="Subject">Its subject.</param>
    /// <param name="Reason">Why it is not understood, in one sentence.</param>
    public sealed record Other(string? MessageId, string Subject, string Reason) : IncomingMail(MessageId, Subject);
}
