using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>What of a mail's header an answer needs, whatever its body is.</summary>
/// <remarks>Texts and addresses are made when they are asked for: of a mail that is not answered, nobody asks.</remarks>
public abstract record MailFacts
{
    private readonly HeaderFields _fields = HeaderFields.Empty;

    private protected MailFacts(HeaderFields fields) => _fields = fields;

    /// <summary>The Message-ID field's value on one line, octet for octet as Latin-1 characters; null when absent.</summary>
    public string? MessageIdRaw { get => field ??= MessageId.RawOf(_fields); init; }

    /// <summary>The same of X-Message-ID, in which programs whose mail library makes Message-ID keep the id they wait for.</summary>
    public string? XMessageIdRaw { get => field ??= MessageId.RawOf(_fields, "X-Message-ID"); init; }

    /// <summary>In-Reply-To on one line.</summary>
    public string? InReplyToRaw { get => field ??= MessageId.RawOf(_fields, "In-Reply-To"); init; }

    /// <summary>References on one line.</summary>
    public string? ReferencesRaw { get => field ??= MessageId.RawOf(_fields, "References"); init; }

    /// <summary>Subject on one line, encoded words as they stand; empty when absent.</summary>
    public string SubjectRaw { get => field ??= _fields.Text("Subject") ?? ""; init; }

    /// <summary>The author; null when From is absent, unreadable or names several.</summary>
    public Mailbox? From { get => field ??= AddressList.Parse(_fields.Text("From")) is [var author] ? author : null; init; }

    /// <summary>The mailboxes of Reply-To.</summary>
    public IReadOnlyList<Mailbox> ReplyTo { get => field ??= AddressList.Parse(_fields.Text("Reply-To")); init; }

    /// <summary>What In-Reply-To of the answer says: X-Message-ID, else Message-ID, else null.</summary>
    public string? AnswersTo => XMessageIdRaw ?? MessageIdRaw;

    /// <summary>Reads the facts from a header.</summary>
    public static MailFacts Of(HeaderFields fields) => new Plain(fields);

    private sealed record Plain(HeaderFields Fields) : MailFacts(Fields);
}
