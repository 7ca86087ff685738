using Relay.Wire.Smtp;

namespace Relay.Store;

/// <summary>What the sender of a mail wants to be told of it (RFC 3461 §4).</summary>
/// <param name="EnvelopeId">ENVID, decoded.</param>
/// <param name="Ret"><c>FULL</c> or <c>HDRS</c>.</param>
/// <param name="Recipients">In the order of the mail's recipients.</param>
internal sealed record ReportWishes(string? EnvelopeId, string? Ret, IReadOnlyList<RecipientWishes> Recipients)
{
    /// <summary>Of a mail of one recipient, of which nothing was said.</summary>
    public static ReportWishes None { get; } = new(null, null, [RecipientWishes.None]);

    /// <summary>Null where the sender said nothing.</summary>
    public static ReportWishes? Of(MailParameters mail, IReadOnlyList<RecipientParameters> recipients) =>
        mail is { EnvelopeId: null, Ret: null } && recipients.All(recipient => recipient is { Notify: null, OriginalRecipient: null })
            ? null
            : new ReportWishes(
                mail.EnvelopeId, mail.Ret, [.. recipients.Select(recipient => new RecipientWishes(recipient.Notify, recipient.OriginalRecipient))]);

    /// <summary>What holds for one recipient alone.</summary>
    public ReportWishes For(RecipientWishes recipient) => this with { Recipients = [recipient] };

    /// <summary>The wishes as they are stored: a line for the mail, then one a recipient, each with the parameters as SMTP writes them.</summary>
    public string Write() => string.Join('\n', Recipients
        .Select(recipient => Line(("NOTIFY", recipient.Notify), ("ORCPT", Encoded(recipient.OriginalRecipient))))
        .Prepend(Line(("RET", Ret), ("ENVID", EnvelopeId is null ? null : Xtext.Encode(EnvelopeId)))));

    /// <summary>Null of null.</summary>
    /// <exception cref="InvalidDataException"><see cref="Write"/> has not written it.</exception>
    public static ReportWishes? Read(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string[] lines = text.Split('\n');
        return new ReportWishes(
            Value(lines[0], "ENVID=") is { } id ? Decoded(id) : null,
            Value(lines[0], "RET="),
            [.. lines.Skip(1).Select(line => new RecipientWishes(Value(line, "NOTIFY="), Value(line, "ORCPT=") is { } address ? Typed(address) : null))]);
    }

    private static string Line(params (string Name, string? Value)[] parameters) =>
        string.Join(' ', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={parameter.Value}"));

    private static string? Value(string line, string name) =>
        line.Split(' ').FirstOrDefault(word => word.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    private static string? Encoded(string? typed) =>
        typed?.IndexOf(';', StringComparison.Ordinal) is { } semicolon ? $"{typed[..semicolon]};{Xtext.Encode(typed[(semicolon + 1)..])}" : null;

    private static string Typed(string text) =>
        text.IndexOf(';', StringComparison.Ordinal) is var semicolon ? $"{text[..(semicolon + 1)]}{Decoded(text[(semicolon + 1)..])}" : "";

    private static string Decoded(string text) => Xtext.TryDecode(text, out string? decoded) ? decoded : throw new InvalidDataException("No xtext in the store.");
}
