using System.Buffers;
using System.Globalization;
using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Client;

/// <summary>The commands MAIL and RCPT of one mail, with the parameters that the server takes.</summary>
internal sealed class EnvelopeCommands(SmtpCapabilities capabilities, MailEnvelope envelope, ReadOnlyMemory<byte> content)
{
    // RFC 3461 §5.4.
    private const int MaxOriginalRecipient = 500;

    // RFC 3461 §5.4.
    private const int MaxEnvelopeId = 100;

    private static readonly SearchValues<char> TypeCharacters = SearchValues.Create("-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    public string Mail()
    {
        var command = new StringBuilder("MAIL FROM:<").Append(envelope.ReversePath).Append('>');
        if (capabilities.Has(SmtpExtensions.Size))
        {
            // RFC 1870 §6: so that a server can refuse it before it is sent.
            command.Append(CultureInfo.InvariantCulture, $" SIZE={content.Length}");
        }

        if (capabilities.Has(SmtpExtensions.EightBitMime) && !Ascii.IsValid(content.Span))
        {
            command.Append(" BODY=8BITMIME");
        }

        if (capabilities.Has(SmtpExtensions.SmtpUtf8) && NeedsSmtpUtf8())
        {
            command.Append(" SMTPUTF8");
        }

        if (capabilities.Has(SmtpExtensions.Dsn))
        {
            command.Append(envelope.Ret is null ? "" : $" RET={envelope.Ret}");
            command.Append(envelope.EnvelopeId is { } id && Xtext.Encode(id) is { Length: > 0 and <= MaxEnvelopeId } encoded ? $" ENVID={encoded}" : "");
        }

        return command.ToString();
    }

    public string Recipient(MailAddress recipient)
    {
        var command = new StringBuilder($"RCPT TO:<{recipient}>");
        if (capabilities.Has(SmtpExtensions.Dsn))
        {
            command.Append(envelope.Notify is null ? "" : $" NOTIFY={envelope.Notify}");
            command.Append(OriginalRecipientParameter());
        }

        return command.ToString();
    }

    // What came from elsewhere goes on as a parameter or not at all: no type or address may end it.
    private string OriginalRecipientParameter()
    {
        if (envelope.OriginalRecipient is not { } typed || typed.IndexOf(';', StringComparison.Ordinal) is not (> 0 and var semicolon))
        {
            return "";
        }

        var parameter = $"{typed[..semicolon]};{Xtext.EncodeAddress(typed[..semicolon], typed[(semicolon + 1)..])}";
        return parameter.Length <= MaxOriginalRecipient && typed.AsSpan(0, semicolon).IndexOfAnyExcept(TypeCharacters) < 0 ? $" ORCPT={parameter}" : "";
    }

    // RFC 6531 §3.4: asked for where an address or a header field goes beyond ASCII.
    private bool NeedsSmtpUtf8()
    {
        var header = content.Span.IndexOf("\r\n\r\n"u8);
        return envelope.Recipients.Append(envelope.ReversePath).Any(address => address is { IsAscii: false })
            || !Ascii.IsValid(header < 0 ? content.Span : content.Span[..header]);
    }
}
