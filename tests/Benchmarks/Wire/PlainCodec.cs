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

    /// <summary>The envelope to base64 in lines of 76, and the mail's other octets copied beside it, in an array of the right length.</summary>
    public static object Write(byte[] envelope, byte[] others)
    {
        const int OctetsPerLine = 57;
        var lines = (envelope.Length + OctetsPerLine - 1) / OctetsPerLine;
        var mail = new byte[others.Length + Base64.GetMaxEncodedToUtf8Length(envelope.Length) + 2 * lines];
        others.CopyTo(mail, 0);
        var length = others.Length;
        for (var at = 0; at < envelope.Length; at += OctetsPerLine)
        {
            Base64.EncodeToUtf8(envelope.AsSpan(at, Math.Min(OctetsPerLine, envelope.Length - at)), mail.AsSpan(length), out _, out var written);
            length += written;
            mail[length++] = (byte)'\r';
            mail[length++] = (byte)'\n';
        }

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
