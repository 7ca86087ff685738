using Relay.Store;
using Relay.Wire.Mime;

namespace Relay.Bounces;

/// <summary>
/// What a mail to a <c>bounce+TOKEN</c> address says. The token proves that its sender has seen mail of the subscription; where the report names the
/// mail that it is about, that mail has to be one of the subscription's.
/// </summary>
/// <param name="Kind">The worst that it says.</param>
/// <param name="Reason">In the words of the server.</param>
/// <param name="OriginalMessageId">Raw, as it was returned; null when it was not.</param>
/// <param name="OriginalEnvelopeId">Null when it is not told.</param>
internal sealed record BounceReport(BounceKind Kind, string Reason, string? OriginalMessageId, string? OriginalEnvelopeId)
{
    /// <summary>Null for a mail that is no report.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="isNullSender">It came from <c>&lt;&gt;</c>; from elsewhere only a real report is one, not prose that looks like it.</param>
    /// <param name="limits">What reading may cost.</param>
    public static BounceReport? Read(MimeEntity mail, bool isNullSender, MimeLimits limits)
    {
        if (DeliveryStatusNotification.Read(mail, limits) is not { } notification || !(notification.IsStructured || isNullSender))
        {
            return null;
        }

        var worst = notification.Recipients.MaxBy(BounceKinds.Of)!;
        return new BounceReport(BounceKinds.Of(worst), Describe(worst), notification.OriginalMessageId, notification.OriginalEnvelopeId);
    }

    private static string Describe(RecipientStatus status) =>
        string.Join(' ', new[] { status.Status?.ToString(), status.Diagnostic }.OfType<string>()) is { Length: > 0 } words
            ? words
            : status.Action.ToString();

    /// <summary>The mail of the subscription that it is about; null when it names one that is not of it, or none is known.</summary>
    public OutboxEntry? FindMail(IOutboxTable outbox, EnvelopeIds envelopeIds, long subscriptionId)
    {
        var named = OriginalMessageId is { } id ? outbox.FindByMessageId(id.Trim())
            : OriginalEnvelopeId is null ? outbox.LastOfSubscription(subscriptionId) // old servers return neither: it will be the last
            : envelopeIds.Read(OriginalEnvelopeId.Trim()) is { } key ? outbox.FindByMessageKey(key)
            : null;
        return named?.SubscriptionId == subscriptionId ? named : null;
    }
}
