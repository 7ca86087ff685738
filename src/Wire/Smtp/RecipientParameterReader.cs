using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>The parameters of one RCPT command (RFC 3461 §4).</summary>
internal sealed class RecipientParameterReader(SmtpExtensions offered)
{
    // RFC 3461 §5.4: 500 characters have to be taken.
    private const int MaxOriginalRecipient = 500;

    private static readonly SmtpReply BadOriginalRecipient = SmtpReplies.BadArgument("bad ORCPT");

    private string? _notify;
    private string? _originalRecipient;
    private bool _needsSmtpUtf8;

    public RecipientParameters ToRecord(MailAddress address) =>
        new(address, _notify, _originalRecipient) { NeedsSmtpUtf8 = _needsSmtpUtf8 || !address.IsAscii };

    /// <summary>Takes one parameter; the reply refuses it.</summary>
    public SmtpReply? Take(string keyword, string? value) => keyword switch
    {
        "NOTIFY" when (offered & SmtpExtensions.Dsn) != 0 => TakeNotify(value),
        "ORCPT" when (offered & SmtpExtensions.Dsn) != 0 => TakeOriginalRecipient(value),
        _ => SmtpReplies.UnknownParameter(keyword),
    };

    private SmtpReply? TakeNotify(string? value)
    {
        _notify = value?.ToUpperInvariant();
        var words = _notify?.Split(',') ?? [];
        // RFC 3461 §4.1: NEVER alone, or any of the other three, each once.
        var valid = _notify == "NEVER"
            || (words.Length > 0 && words.All(word => word is "SUCCESS" or "FAILURE" or "DELAY") && words.Distinct().Count() == words.Length);
        return valid ? null : SmtpReplies.BadArgument("NOTIFY is NEVER or some of SUCCESS,FAILURE,DELAY");
    }

    private SmtpReply? TakeOriginalRecipient(string? value)
    {
        var semicolon = value?.IndexOf(';', StringComparison.Ordinal) ?? -1;
        if (value is null || value.Length > MaxOriginalRecipient || semicolon < 0)
        {
            return BadOriginalRecipient;
        }

        var type = value[..semicolon];
        var isUnicode = (offered & SmtpExtensions.SmtpUtf8) != 0 && type.Equals(Xtext.UnicodeType, StringComparison.OrdinalIgnoreCase);
        // RFC 3461 §4.2: the type is an atom.
        if (!MailAddressReader.IsAtom(type) || !Xtext.TryDecode(value.AsSpan(semicolon + 1), isUnicode, out var address))
        {
            return BadOriginalRecipient;
        }

        _originalRecipient = $"{type};{address}";
        _needsSmtpUtf8 = !Ascii.IsValid(value);
        return null;
    }
}
