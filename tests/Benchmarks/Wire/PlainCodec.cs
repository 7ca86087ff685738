using System.Buffers.Text;

namespace Relay.Benchmarks.Wire;

/// <summary>The baseline: what must be done with a mail's octets whoever reads it. They are copied out of the receive buffer, and the
/// body, whose place and encoding are known beforehand, is decoded into an array of its own.</summary>
internal static class PlainCodec
{
    public static object Read(byte[] mail, byte[] body, string encoding)
    {
        var copy = mail.AsSpan().ToArray();
        return encoding switch
        {
            "base64" => FromBase64(body),
            "quoted-printable" => FromQuotedPrintable(body),
            _ => body.AsSpan().ToArray(),
        } is var decoded && copy.Length > 0 ? decoded : copy;
    }

    /// <summary>The envelope to base64 in lines, and the mail's other octets copied beside it.</summary>
    public static object Write(byte[] envelope, byte[] header)
    {
        var text = Convert.ToBase64String(envelope, Base64FormattingOptions.InsertLineBreaks);
        var mail = new byte[header.Length + text.Length];
        header.CopyTo(mail, 0);
        System.Text.Encoding.Latin1.GetBytes(text, mail.AsSpan(header.Length));
        return mail;
    }

    private static byte[] FromBase64(byte[] body)
    {
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(body.Length)];
        Base64.DecodeFromUtf8(body, decoded, out _, out var written);
        return decoded[..written];
    }

    private static byte[] FromQuotedPrintable(byte[] body)
    {
        var decoded = new byte[body.Length];
        var written = 0;
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != (byte)'=')
            {
                decoded[written++] = body[i];
            }
            else if (body[i + 1] == (byte)'\r')
            {
                i += 2;
            }
            else
            {
                decoded[written++] = (byte)(Digit(body[i + 1]) << 4 | Digit(body[i + 2]));
                i += 2;
            }
        }

        return decoded[..written];
    }

    private static int Digit(byte digit) => digit <= (byte)'9' ? digit - '0' : digit - 'A' + 10;
}
