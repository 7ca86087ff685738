using System.Globalization;

namespace Relay.Wire.Smtp;

/// <summary>The parameters of one MAIL command, each with the section that defines it.</summary>
internal sealed class MailParameterReader(SmtpExtensions offered)
{
    // RFC 1870 §3: size-value is 1*20DIGIT.
    private const int MaxSizeDigits = 20;

    // RFC 3461 §5.4: 100 characters have to be taken.
    private const int MaxEnvelopeId = 100;

    private long? _size;
    private bool _eightBit;
    private string? _envelopeId;
    private string? _ret;

    public bool SmtpUtf8 { get; private set; }

    public MailParameters ToRecord(MailAddress? reversePath) => new(reversePath, _size, _eightBit, SmtpUtf8, _envelopeId, _ret);

    /// <summary>Takes one parameter; the reply refuses it.</summary>
    public SmtpReply? Take(string keyword, string? value) => keyword switch
    {
        "SIZE" when Offers(SmtpExtensions.Size) => TakeSize(value),
        "BODY" when Offers(SmtpExtensions.EightBitMime) => TakeBody(value),
        "SMTPUTF8" when Offers(SmtpExtensions.SmtpUtf8) => TakeSmtpUtf8(value),
        "ENVID" when Offers(SmtpExtensions.Dsn) => TakeEnvelopeId(value),
        "RET" when Offers(SmtpExtensions.Dsn) => TakeRet(value),
        // RFC 4954 §5: who handed the mail in elsewhere. Nobody here trusts that, so it reads as AUTH=<>.
        "AUTH" when Offers(SmtpExtensions.Auth) => value is { Length: > 0 } && Xtext.TryDecode(value, out _) ? null : SmtpReplies.BadArgument("bad AUTH"),
        _ => SmtpReplies.UnknownParameter(keyword),
    };

    private bool Offers(SmtpExtensions extension) => (offered & extension) != 0;

    private SmtpReply? TakeSize(string? value)
    {
        if (string.IsNullOrEmpty(value) || value.Length > MaxSizeDigits || !value.All(char.IsAsciiDigit))
        {
            return SmtpReplies.BadArgument("bad SIZE");
        }

        // Twenty digits do not fit a long; whatever does not fit is too big for everybody.
        _size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : long.MaxValue;
        return null;
    }

    private SmtpReply? TakeBody(string? value)
    {
        _eightBit = string.Equals(value, "8BITMIME", StringComparison.OrdinalIgnoreCase);
        // RFC 6152 §3: the other value is 7BIT. RFC 3030 §3's BINARYMIME is not announced.
        return _eightBit || string.Equals(value, "7BIT", StringComparison.OrdinalIgnoreCase)
            ? null
            : SmtpReplies.BadArgument("BODY is 7BIT or 8BITMIME");
    }

    private SmtpReply? TakeSmtpUtf8(string? value)
    {
        // RFC 6531 §3.4: the parameter has no value.
        SmtpUtf8 = true;
        return value is null ? null : SmtpReplies.BadArgument("SMTPUTF8 takes no value");
    }

    private SmtpReply? TakeEnvelopeId(string? value) =>
        value is { Length: > 0 and <= MaxEnvelopeId } && Xtext.TryDecode(value, out _envelopeId) ? null : SmtpReplies.BadArgument("bad ENVID");

    private SmtpReply? TakeRet(string? value)
    {
        _ret = value?.ToUpperInvariant();
        return _ret is "FULL" or "HDRS" ? null : SmtpReplies.BadArgument("RET is FULL or HDRS");
    }
}
