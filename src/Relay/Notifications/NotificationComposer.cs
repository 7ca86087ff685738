using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Notifications;

/// <summary>
/// Makes the mail of one notification: <c>m:SendNotification</c> as Exchange would POST it, with the fields of contract §5. Its octets and
/// its Message-ID are made once, so that every repeat can be recognised.
/// </summary>
internal sealed class NotificationComposer(WatermarkCodec watermarks, SubscriptionTokens tokens, OwnMessageIds ids)
{
    /// <summary>The version that Exchange names to listeners; none of ours depends on it.</summary>
    private static readonly XElement ServerVersion =
        new(EwsNames.Types + "RequestServerVersion", new XAttribute("Version", "Exchange2013_SP1"));

    public NewOutboxMail Compose(Due due, DateTimeOffset now) => due.Stream is { } stream
        ? Answer(due.Subscription, ReplyFrame.Of(stream.Frame), due.Page, now)
        : Notify(due.Subscription, due.Mailbox, due.Page, now);

    private NewOutboxMail Notify(Subscription subscription, string mailbox, EventPage page, DateTimeOffset now)
    {
        long sequence = subscription.Sequence + 1;
        var service = StoredAddress.Read(subscription.ServiceAddress);
        string messageId = ids.NewNotification(subscription.Id, sequence, service.Domain);
        var mail = new SoapMail
        {
            From = service,
            To = StoredAddress.Read(subscription.NotifyAddress),
            Subject = page.Gaps.Count > 0
                ? NotificationSubject.OfGap(subscription, mailbox)
                : NotificationSubject.Of(subscription, mailbox, page.Events),
            MessageId = messageId,
            References = subscription.RootMessageId is { Length: > 0 } root ? [root] : [],
            Date = now,
            AutoSubmitted = "auto-generated",
            ExtraFields = Fields(subscription, mailbox, service.Domain, page, sequence),
            Layout = SoapLayout.Flat,
            MediaType = subscription.Version == SoapVersion.Soap12 ? "application/soap+xml" : "text/xml",
            Envelope = SoapWriter.Write(subscription.Version, [ServerVersion], writer => WriteBody(writer, subscription, page)),
        };
        return new NewOutboxMail(
            OutboxKind.Notification,
            TokenAddress("bounce", subscription.Id, service.Domain),
            subscription.NotifyAddress,
            messageId,
            MailBinding.Compose(mail),
            subscription.Id,
            sequence,
            now);
    }

    /// <summary>One of the answers to a GetStreamingEvents: they follow the wire of streams, in which events carry no watermarks.</summary>
    private NewOutboxMail Answer(Subscription subscription, ReplyFrame frame, EventPage page, DateTimeOffset now)
    {
        long sequence = subscription.Sequence + 1;
        string messageId = ids.NewNotification(subscription.Id, sequence, StoredAddress.Read(frame.From).Domain);
        byte[] mail = frame.Compose(messageId, now, OwnFields(subscription, page, sequence), writer =>
        {
            if (page.Gaps.Count > 0)
            {
                EwsResponseWriter.StreamingError(writer, EwsErrors.MissedNotificationEvents, [subscription.PublicId], ConnectionStatus.OK);
                return;
            }

            EwsResponseWriter.StreamingEvents(
                writer, [NotificationShape.Describe(subscription, page, watermarks.Encode(subscription.Cursor), watermarks)]);
        });
        return new NewOutboxMail(OutboxKind.Notification, null, frame.To, messageId, mail, subscription.Id, sequence, now);
    }

    private void WriteBody(XmlWriter writer, Subscription subscription, EventPage page)
    {
        if (page.Gaps.Count > 0)
        {
            EwsResponseWriter.SendNotificationError(writer, EwsErrors.MissedNotificationEvents, subscription.PublicId);
            return;
        }

        EwsResponseWriter.SendNotification(
            writer, NotificationShape.Describe(subscription, page, watermarks.Encode(subscription.Cursor), watermarks));
    }

    private List<(string Name, string Value)> Fields(
        Subscription subscription, string mailbox, string domain, EventPage page, long sequence) =>
    [
        ("X-Auto-Response-Suppress", "OOF, AutoReply, DR, RN, NRN"),
        ("List-Id", $"<{Label(mailbox)}.events.{domain}>"),
        ("List-Unsubscribe", $"<mailto:{TokenAddress("unsubscribe", subscription.Id, domain)}>"),
        .. OwnFields(subscription, page, sequence),
    ];

    private List<(string Name, string Value)> OwnFields(Subscription subscription, EventPage page, long sequence)
    {
        var fields = new List<(string Name, string Value)>
        {
            ("Relay-Subscription", subscription.PublicId),
            ("Relay-Sequence", sequence.ToString(CultureInfo.InvariantCulture)),
        };
        fields.AddRange(page.Gaps.Select(gap => (GapField.Name, GapField.Value(gap))));
        if (page.Gaps.Count == 0)
        {
            fields.Add(("Relay-Watermark", watermarks.Encode(page.Last)));
        }

        if (page.Events.Any(logged => logged.CaughtUp))
        {
            fields.Add(("Relay-Caught-Up", "yes"));
        }

        return fields;
    }

    private string TokenAddress(string purpose, long subscriptionId, string domain) =>
        $"{purpose}+{tokens.Create(subscriptionId, purpose)}@{domain}";

    // RFC 2919 §2: a List-Id is a dot-atom; one per stream of events, not per subscriber.
    private static string Label(string mailbox) =>
        string.Concat(mailbox.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : c == '@' ? '.' : '-'));
}
