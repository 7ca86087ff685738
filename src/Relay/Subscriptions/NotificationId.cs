using System.Globalization;

namespace Relay.Subscriptions;

/// <summary>
/// The unique part of a notification's Message-ID: <c>n.SUBSCRIPTION.SEQUENCE.CHANCE</c>, so that a reply to it finds its subscription. It
/// proves nothing; ownership is asked separately.
/// </summary>
internal static class NotificationId
{
    public static string Create(long subscriptionId, long sequence, string chance) =>
        string.Create(CultureInfo.InvariantCulture, $"n.{subscriptionId}.{sequence}.{chance}");

    /// <summary>The subscription named in a Message-ID that we made, or null; brackets and blanks around it do not matter.</summary>
    public static long? SubscriptionIn(string? messageId)
    {
        string[] steps = (messageId ?? "").Trim().TrimStart('<').Split('.', 4);
        return steps is ["n", var subscription, _, _]
            && long.TryParse(subscription, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
                ? id
                : null;
    }
}
