using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Notifications;

/// <summary>
/// Makes the mail of one notification: <c>m:SendNotification</c> as Exchange would POST it, with the fields that docs/protocol.md shows. Its octets and
/// its Message-ID are made once, so that every repeat can be recognised.
/// </summary>
internal sealed class NotificationComposer(WatermarkCodec watermarks, SubscriptionTokens tokens, OwnMessageIds ids)
{
    private const string Suppressed = "OOF, AutoReply, DR, RN, NRN";

    /// <summary>The version that Exchange names to listeners; none of ours depends on it.</summary>
    private static readonly XElement ServerVersion =
        new(EwsNames.Types + "RequestServerVersion", new XAttribute("Version", "Exchange2013_SP1"));

    public NewOutboxMail Compose(Due due, DateTimeOffset now) => due.Stream is { } stream
        ? Answer(due.Subscription, ReplyFrame.Of(stream.Frame), due.Page, now)
        : Notify(due, now);

    /// <summary>The same, with less in it where the mail would be larger than the subscriber wants: then the rest is told by the next.</summary>
    /// <returns>What the mail tells, and the mail.</returns>
    public (Due Told, NewOutboxMail Mail) Fit(Due due, DateTimeOffset now)
    {
        var mail = Compose(due, now);
        while (mail.Content.Length > due.Wishes.Largest() && due.Less() is { } less)
        {
            due = less;
            mail = Compose(due, now);
        }

        return (due, mail);
    }

    /// <summary>A status that says when the lease ends and how to renew it; it tells no events and does not move the cursor.</summary>
    public NewOutboxMail Remind(Subscription subscription, string mailbox, DateTimeOffset leaseEnds, DateTimeOffset now)
    {
        string until = leaseEnds.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var nothing = new EventPage([], subscription.Cursor, More: false);
        return Outgoing(subscription, Basis(subscription, mailbox, nothing, now) with
        {
            Subject = $"Lease ends {until}: {NotificationSubject.Where(subscription, mailbox, [])}",
            ExtraFields =
            [
                ("Relay-Lease-Ends", until),
                ("Reply-To", TokenAddress("renew", subscription.Id, StoredAddress.Read(subscription.ServiceAddress).Domain)),
                .. Fields(subscription, mailbox, nothing),
            ],
            Note = NoticeTexts.Reminder(mailbox, until),
        });
    }

    /// <summary>The last mail of a subscription that was ended for its owner: why. Nothing acknowledges it, and nothing waits for it.</summary>
    public NewOutboxMail End(Subscription subscription, string mailbox, DateTimeOffset now)
    {
        var nothing = new EventPage([], subscription.Cursor, More: false);
        string reason = EndReasons.Short(subscription.EndReason);
        string to = reason == EndReasons.Bounced ? Owner(subscription) : subscription.NotifyAddress;
        var mail = Basis(subscription, mailbox, nothing, now) with
        {
            To = StoredAddress.Read(to),
            Subject = $"Ended: {NotificationSubject.Where(subscription, mailbox, [])} ({reason})",
            ExtraFields = [("X-Auto-Response-Suppress", Suppressed), ("Relay-Subscription", subscription.PublicId), ("Relay-Ended", reason)],
            Note = NoticeTexts.End(mailbox, subscription.EndReason ?? ""),
            Envelope = Envelope(
                subscription, writer => EwsResponseWriter.SendNotificationError(writer, EndReasons.ErrorOf(reason), subscription.PublicId)),
        };
        return Outgoing(subscription, mail) with { Recipient = to, ReversePath = null, SubscriptionId = null, Sequence = null };
    }

    // Where mail comes back from, a notice would too. The name of a principal is its entry's and its address (Access); an entry with a slash in
    // its name leaves the address in doubt.
    private static string Owner(Subscription subscription) =>
        subscription.Principal.Split('/') is [_, var owner] && MailAddress.TryParse(owner, out _) ? owner : subscription.NotifyAddress;

    private NewOutboxMail Notify(Due due, DateTimeOffset now)
    {
        var mail = Basis(due.Subscription, due.Mailbox, due.Page, now);
        if (due.Items is null)
        {
            return Outgoing(due.Subscription, mail);
        }

        var (block, parts) = ItemHeader.Of(due, mail.MessageId);
        return Outgoing(due.Subscription, mail with
        {
            Envelope = SoapWriter.Write(due.Subscription.Version, [ServerVersion, block], writer => WriteBody(writer, due.Subscription, due.Page)),
            Attachments = parts,
        });
    }

    private SoapMail Basis(Subscription subscription, string mailbox, EventPage page, DateTimeOffset now)
    {
        var service = StoredAddress.Read(subscription.ServiceAddress);
        return new SoapMail
        {
            From = service,
            To = StoredAddress.Read(subscription.NotifyAddress),
            Subject = page.Gaps.Count > 0
                ? NotificationSubject.OfGap(subscription, mailbox)
                : NotificationSubject.Of(subscription, mailbox, page.Events),
            MessageId = ids.NewNotification(subscription.Id, subscription.Sequence + 1, service.Domain),
            References = subscription.RootMessageId is { Length: > 0 } root ? [root] : [],
            Date = now,
            AutoSubmitted = "auto-generated",
            ExtraFields = Fields(subscription, mailbox, page),
            Layout = SoapLayout.Flat,
            MediaType = subscription.Version == SoapVersion.Soap12 ? "application/soap+xml" : "text/xml",
            Envelope = Envelope(subscription, writer => WriteBody(writer, subscription, page)),
        };
    }

    private NewOutboxMail Outgoing(Subscription subscription, SoapMail mail) => new(
        OutboxKind.Notification,
        TokenAddress("bounce", subscription.Id, mail.From.Domain),
        subscription.NotifyAddress,
        mail.MessageId,
        MailBinding.Compose(mail),
        subscription.Id,
        subscription.Sequence + 1,
        mail.Date);

    private static byte[] Envelope(Subscription subscription, Action<XmlWriter> writeBody) =>
        SoapWriter.Write(subscription.Version, [ServerVersion], writeBody);

    /// <summary>One of the answers to a GetStreamingEvents: they follow the wire of streams, in which events carry no watermarks.</summary>
    private NewOutboxMail Answer(Subscription subscription, ReplyFrame frame, EventPage page, DateTimeOffset now)
    {
        long sequence = subscription.Sequence + 1;
        string messageId = ids.NewNotification(subscription.Id, sequence, StoredAddress.Read(frame.From).Domain);
        byte[] mail = frame.Compose(messageId, now, OwnFields(subscription, page), writer =>
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

    private List<(string Name, string Value)> Fields(Subscription subscription, string mailbox, EventPage page)
    {
        string domain = StoredAddress.Read(subscription.ServiceAddress).Domain;
        return
        [
            ("X-Auto-Response-Suppress", Suppressed),
            ("List-Id", $"<{Label(mailbox)}.events.{domain}>"),
            // RFC 2369 §3.2: a mail to it is all that unsubscribing takes.
            ("List-Unsubscribe", $"<mailto:{TokenAddress("unsubscribe", subscription.Id, domain)}>"),
            // RFC 2369 §3.1, §3.4: where a person learns what this is; and nobody writes to the list.
            ("List-Help", $"<mailto:help@{domain}>"),
            ("List-Post", "NO"),
            .. OwnFields(subscription, page),
        ];
    }

    private List<(string Name, string Value)> OwnFields(Subscription subscription, EventPage page)
    {
        var fields = new List<(string Name, string Value)>
        {
            ("Relay-Subscription", subscription.PublicId),
            ("Relay-Sequence", (subscription.Sequence + 1).ToString(CultureInfo.InvariantCulture)),
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
