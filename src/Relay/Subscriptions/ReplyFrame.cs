using System.Text.Json;
using System.Xml;
using Relay.Wire.Soap;

namespace Relay.Subscriptions;

/// <summary>Everything of an answer mail but its content, kept for a request that is answered more than once. It is stored as text.</summary>
internal sealed record ReplyFrame
{
    /// <summary>The service's address.</summary>
    public required string From { get; init; }

    public required string To { get; init; }

    public required string Subject { get; init; }

    /// <summary>The request's id, octet for octet.</summary>
    public required string InReplyTo { get; init; }

    public required IReadOnlyList<string> References { get; init; }

    public required SoapVersion Version { get; init; }

    public required SoapLayout Layout { get; init; }

    public required string MediaType { get; init; }

    /// <summary>Packaged as the request was, in application/xop+xml.</summary>
    public bool IsXop { get; init; }

    /// <summary>Beside the envelope, a text for people.</summary>
    public bool HasNote { get; init; }

    /// <summary>The answer's header blocks, such as wsa:RelatesTo, each as XML.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <exception cref="FormatException">The text is none that <see cref="ToText"/> made.</exception>
    public static ReplyFrame Of(string text) =>
        JsonSerializer.Deserialize<ReplyFrame>(text) ?? throw new FormatException("The store holds a stream without a frame.");

    public string ToText() => JsonSerializer.Serialize(this);

    /// <summary>One of the answers.</summary>
    /// <param name="messageId">Ours, with its brackets.</param>
    /// <param name="date">When it is made.</param>
    /// <param name="fields">Further fields of its header.</param>
    /// <param name="writeBody">Writes the body's first child.</param>
    public byte[] Compose(
        string messageId, DateTimeOffset date, IReadOnlyList<(string Name, string Value)> fields, Action<XmlWriter> writeBody)
    {
        byte[] envelope = SoapWriter.Write(Version, [.. Headers.Select(block => SafeXml.Load(block))], writeBody);
        return MailBinding.Compose(new SoapMail
        {
            From = StoredAddress.Read(From),
            To = StoredAddress.Read(To),
            Subject = Subject,
            MessageId = messageId,
            InReplyTo = InReplyTo,
            References = References,
            Date = date,
            AutoSubmitted = "auto-replied",
            ExtraFields = fields,
            Layout = Layout,
            MediaType = MediaType,
            IsXop = IsXop,
            Envelope = envelope,
            Note = HasNote ? ReadableResponse.Of(envelope) : null,
        });
    }
}
