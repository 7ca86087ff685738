using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Mail;

/// <summary>A mail that no running request waits for.</summary>
/// <param name="Head">Who says what under which id.</param>
internal abstract record IncomingMail(MailHead Head)
{
    /// <summary>Events of a subscription, or its heartbeat.</summary>
    /// <param name="Head">Its id is the same on every repeat.</param>
    /// <param name="Content">Subscription, watermarks and events.</param>
    /// <param name="Chain">Whether anything was lost since the notification before.</param>
    /// <param name="Sequence">The subscription's mails, counted 1, 2, 3; null where the relay wrote none.</param>
    /// <param name="CaughtUp">The events were found by comparing states after an interruption, and tell net changes.</param>
    public sealed record Notification(MailHead Head, EwsNotification Content, ChainLink Chain, long? Sequence, bool CaughtUp)
        : IncomingMail(Head)
    {
        /// <summary>What it tells of items, where that was wished for.</summary>
        public IReadOnlyList<ToldItem> Items { get; init; } = [];
    }

    /// <summary>A subscription is in trouble: events are lost upstream (a gap), or it must be made again.</summary>
    /// <param name="Head">Its id is the same on every repeat.</param>
    /// <param name="SubscriptionId">The subscription concerned, if the mail names it.</param>
    /// <param name="Error">ErrorMissedNotificationEvents for a gap.</param>
    /// <param name="Period">From and to of the gap as the relay wrote them; null where it is no gap.</param>
    public sealed record Trouble(MailHead Head, string? SubscriptionId, EwsError Error, string? Period) : IncomingMail(Head);

    /// <summary>An answer that nobody here waits for: its request timed out, or another program sent it.</summary>
    /// <param name="Head">Its id is the same on every repeat.</param>
    /// <param name="InReplyTo">The request's id.</param>
    /// <param name="Envelope">The answer, which may hold a fault.</param>
    public sealed record Answer(MailHead Head, string InReplyTo, SoapEnvelope Envelope) : IncomingMail(Head);

    /// <summary>A mail that is none of these, for example a bounce.</summary>
    /// <param name="Head">Its id is the same on every repeat.</param>
    /// <param name="Reason">Why it is not understood, in one sentence.</param>
    public sealed record Other(MailHead Head, string Reason) : IncomingMail(Head);
}
