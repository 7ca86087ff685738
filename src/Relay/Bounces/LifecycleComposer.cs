using System.Globalization;
using System.Text;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Bounces;

/// <summary>The mails about a subscription itself, for people: the probe that asks nothing, and the notice of its end.</summary>
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
        return Compose(subscription, service, subscription.NotifyAddress, path, "Probe: does mail arrive again?", text, subscription.Id, [], now);
    }

    /// <summary>To the owner if that is another address, else where the notifications went, in the hope that it arrives.</summary>
    public NewOutboxMail? EndNotice(Subscription subscription, string reason, DateTimeOffset now)
    {
        if (!MailAddress.TryParse(subscription.ServiceAddress, out var service))
        {
            return null;
        }

        string text = $"""
            The subscription {subscription.PublicId} has ended, since its mail to {subscription.NotifyAddress} came back:
            {reason}

            Subscribe again, with the last watermark that you have, to go on from there.

            """;
        (string Name, string Value)[] fields = [("Relay-Ended", "its mail came back")];
        return Compose(subscription, service, Owner(subscription), null, "Subscription ended", text, null, fields, now);
    }

    // The name of a principal is its entry's and its address (Access); an entry with a slash in its name leaves the address in doubt.
    private static string Owner(Subscription subscription) =>
        subscription.Principal.Split('/') is [_, var owner] && MailAddress.TryParse(owner, out _) ? owner : subscription.NotifyAddress;

    private NewOutboxMail Compose(
        Subscription subscription, MailAddress service, string to, string? path, string subject, string text, long? ofSubscription,
        (string Name, string Value)[] fields, DateTimeOffset now)
    {
        string messageId = ids.NewAnswer(service.Domain);
        var mail = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"From: {service}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {MailDate.Format(now)}\r\nMessage-ID: {messageId}\r\n")
            .Append(subscription.RootMessageId is { Length: > 0 } root && Ascii.IsValid(root) ? $"References: {root}\r\n" : "")
            .Append(CultureInfo.InvariantCulture, $"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nRelay-Subscription: {subscription.PublicId}\r\n");
        foreach (var (name, value) in fields)
        {
            mail.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        mail.Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), Base64FormattingOptions.InsertLineBreaks))
            .Append("\r\n");
        return new NewOutboxMail(
            OutboxKind.Notification, path, to, messageId, Encoding.UTF8.GetBytes(mail.ToString()), ofSubscription, null, now);
    }
}
