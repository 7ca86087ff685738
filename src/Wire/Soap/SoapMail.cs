using Relay.Wire.Smtp;

namespace Relay.Wire.Soap;

/// <summary>A mail to be composed around an envelope: an answer, a fault or a notification.</summary>
public sealed record SoapMail
{
    /// <summary>The service's address.</summary>
    public required MailAddress From { get; init; }

    /// <summary>The name people see beside it.</summary>
    public string? FromName { get; init; }

    /// <summary>The one recipient.</summary>
    public required MailAddress To { get; init; }

    /// <summary>Plain text, or what <see cref="MailBinding.ReplySubject"/> made. Encoded where it is not ASCII.</summary>
    public required string Subject { get; init; }

    /// <summary>Our own id with its brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>Written octet for octet from Latin-1 characters; null for mail that answers nothing.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>Ids, oldest first, as <see cref="MailBinding.ReferencesFor"/> gives them.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>When the mail was made.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary><c>auto-replied</c> for answers, <c>auto-generated</c> for notifications (RFC 3834 §5).</summary>
    public required string AutoSubmitted { get; init; }

    /// <summary>Further fields; values are made harmless and encoded where they are not ASCII.</summary>
    public IReadOnlyList<(string Name, string Value)> ExtraFields { get; init; } = [];

    /// <summary>Where in the mail the envelope goes.</summary>
    public SoapLayout Layout { get; init; }

    /// <summary>The envelope's media type without parameters.</summary>
    public required string MediaType { get; init; }

    /// <summary>Text for people, in plain words; null for none. Beside a flat envelope it makes multipart/alternative, in multipart/mixed
    /// it is the first part; related mails are between programs and have none.</summary>
    public string? Note { get; init; }

    /// <summary>In multipart/mixed, the name under which a mail program offers the envelope; ASCII without quotes.</summary>
    public string FileName { get; init; } = "envelope.xml";

    /// <summary>Whether the envelope is packaged with <see cref="XopPackage"/>; the layout is then related.</summary>
    public bool IsXop { get; init; }

    /// <summary>Parts that go with the envelope; the layout is then related.</summary>
    public IReadOnlyList<SoapAttachment> Attachments { get; init; } = [];

    /// <summary>Written as the <c>action</c> parameter of application/soap+xml; null to leave it out.</summary>
    public string? Action { get; init; }

    /// <summary>The envelope in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Envelope { get; init; }
}
