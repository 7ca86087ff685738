using System.Globalization;
using System.Text;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Bounces;

/// <summary>The mail that asks whether mail of a suspended subscription arrives again; it tells people what happens, and asks nothing of them.</summary>
internal sealed class LifecycleComposer(SubscriptionTokens tokens, OwnMessageIds ids)
{
    /// <summary>Goes to where the notifications go; comes back under a token of its own if it cannot arrive.</summary>
    public NewOutboxMail? Probe(Subscription subscription, string reason, DateTimeOffset now)
    {
        if (!MailAddress.TryParse(subscription.ServiceAddress, out var service))
        {
            return null;
        }

        string text = $"""
            Mail of the subscription {subscription.PublicId} came back:
            {reason}

            Notifications are held back. If this mail arrives, they go on by themselves, with what
            was missed; nothing needs to be done.

            """;
        string path = $"bounce+{tokens.Create(subscription.Id, BounceMails.ProbePurpose)}@{service.Domain}";
        string messageId = ids.NewAnswer(service.Domain);
        var mail = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"From: {service}\r\nTo: {subscription.NotifyAddress}\r\nSubject: Probe: does mail arrive again?\r\n")
            .Append(CultureInfo.InvariantCulture, $"Date: {MailDate.Format(now)}\r\nMessage-ID: {messageId}\r\n")
            .Append(subscription.RootMessageId is { Length: > 0 } root && Ascii.IsValid(root) ? $"References: {root}\r\n" : "")
            .Append(CultureInfo.InvariantCulture, $"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nRelay-Subscription: {subscription.PublicId}\r\n")
            .Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), Base64FormattingOptions.InsertLineBreaks))
            .Append("\r\n");
        return new NewOutboxMail(
            OutboxKind.Notification, path, subscription.NotifyAddress, messageId, Encoding.UTF8.GetBytes(mail.ToString()), subscription.Id, null, now);
    }
}
