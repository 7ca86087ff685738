using Relay.Wire.Ews;

namespace Relay.Subscriptions;

/// <summary>Why subscriptions end, as it stands in their rows and in the notices to their owners.</summary>
internal static class EndReasons
{
    public const string Unsubscribed = "unsubscribed";
    public const string UnsubscribedByReply = "unsubscribed by SendNotificationResult";
    public const string UnsubscribedByAddress = "unsubscribed by mail to its List-Unsubscribe address";

    /// <summary>Not told: the next request learns of it, as with Exchange.</summary>
    public const string Silent = "nothing was asked for within its Timeout";

    public const string LeaseOver = "its lease is over";
    public const string NotAcknowledged = "no acknowledgement came";
    public const string Bounced = "its mail bounces for good";
    public const string AccessRemoved = "its owner may not have it any more";
    public const string ByOperator = "ended by the operator";
    public const string HeldTooLong = "it was held back for longer than events are kept";

    /// <summary>With what the mail server said, which is for people only: it comes from outside, and goes into no header.</summary>
    public static string BouncedWith(string words) => $"{Bounced}: {words}";

    /// <summary>Without what a mail server said.</summary>
    public static string Short(string? reason) => reason?.StartsWith(Bounced, StringComparison.Ordinal) == true ? Bounced : reason ?? "";

    /// <summary>Exchange's code that comes nearest, for programs.</summary>
    public static EwsError ErrorOf(string? reason) => reason switch
    {
        LeaseOver or NotAcknowledged => EwsErrors.ExpiredSubscription,
        AccessRemoved => EwsErrors.SubscriptionAccessDenied,
        HeldTooLong => EwsErrors.EventNotFound,
        _ => EwsErrors.ReadEventsFailed,
    };
}
