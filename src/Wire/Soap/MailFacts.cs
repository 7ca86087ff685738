using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>What of a mail's header an answer needs, whatever its body is.</summary>
public record MailFacts
{
    /// <summary>The Message-ID field's value on one line, octet for octet as Latin-1 characters; null when absent.</summary>
    public string? MessageIdRaw { get; init; }

    /// <summary>The same of X-Message-ID, in which programs whose mail library makes Message-ID keep the id they wait for.</summary>
    public string? XMessageIdRaw { get; init; }

    /// <summary>In-Reply-To on one line.</summary>
    public string? InReplyToRaw { get; init; }

    /// <summary>References on one line.</summary>
    public string? ReferencesRaw { get; init; }

    /// <summary>Subject on one line, encoded words as they stand; empty when absent.</summary>
    public string SubjectRaw { get; init; } = "";

    /// <summary>The author; null when From is absent, unreadable or names several.</summary>
    public Mailbox? From { get; init; }

    /// <summary>The mailboxes of Reply-To.</summary>
    public IReadOnlyList<Mailbox> ReplyTo { get; init; } = [];

    /// <summary>What In-Reply-To of the answer says: X-Message-ID, else Message-ID, else null.</summary>
    public string? AnswersTo => XMessageIdRaw ?? MessageIdRaw;

    /// <summary>Reads the facts from a header.</summary>
    public static MailFacts Of(HeaderFields fields) => new(fields);

    /// <summary>Facts of nothing, to be filled by initializers.</summary>
    public MailFacts()
    {
    }

    private MailFacts(HeaderFields fields)
    {
        MessageIdRaw = MessageId.RawOf(fields);
        XMessageIdRaw = MessageId.RawOf(fields, "X-Message-ID");
        InReplyToRaw = MessageId.RawOf(fields, "In-Reply-To");
        ReferencesRaw = MessageId.RawOf(fields, "References");
        SubjectRaw = fields.Text("Subject") ?? "";
        From = AddressList.Parse(fields.Text("From")) is [var author] ? author : null;
        ReplyTo = AddressList.Parse(fields.Text("Reply-To"));
    }
}
