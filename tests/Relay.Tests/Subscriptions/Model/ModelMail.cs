using System.Globalization;
using System.Xml.Linq;
using Relay.Store;
using Relay.Wire.Ews;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Tests.Subscriptions.Model;

/// <summary>A mail as its recipient reads it.</summary>
internal sealed record ModelMail(
    string MessageId, string? InReplyTo, string? Subscription, long Sequence, string? Watermark, string? Ended, bool IsLast, EwsNotification? Notification)
{
    public static ModelMail Read(OutboxMail mail, ReadOnlyMemory<byte> content)
    {
        var root = Assert.IsType<MimeReadResult.Read>(MimeReader.Read(content, MimeLimits.Default)).Root;
        var found = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(root, MimeLimits.Default));
        var envelope = SafeXml.Load(found.Request.EnvelopeOctets);
        bool isPush = envelope.Descendants().Any(e => e.Name.LocalName == "SendNotification");
        return new ModelMail(
            mail.MessageId,
            root.Headers.Text("In-Reply-To")?.Trim(),
            root.Headers.Text("Relay-Subscription")?.Trim(),
            long.Parse(root.Headers.Text("Relay-Sequence")?.Trim() ?? "0", CultureInfo.InvariantCulture),
            root.Headers.Text("Relay-Watermark")?.Trim(),
            root.Headers.Text("Relay-Ended")?.Trim(),
            envelope.Descendants().Any(e => e is { Name.LocalName: "ConnectionStatus", Value: "Closed" }),
            isPush ? Pushed(envelope) : Streamed(envelope));
    }

    private static EwsNotification? Pushed(XElement envelope) =>
        EwsResponseReader.SendNotification(envelope) is EwsResult<EwsNotification>.Success { Value: var told } ? told : null;

    private static EwsNotification? Streamed(XElement envelope) =>
        EwsResponseReader.Stream(envelope) is EwsResult<EwsStreamMessage>.Success { Value.Notifications: [var only] } ? only : null;
}
