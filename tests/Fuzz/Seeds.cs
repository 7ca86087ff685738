using System.Text;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Fuzz;

/// <summary>The mails that mutations start from.</summary>
public static class Seeds
{
    /// <summary>The fixtures of the MIME and SOAP tests.</summary>
    public static IReadOnlyList<byte[]> Mails() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Seeds"), "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>The envelopes in those mails.</summary>
    public static IReadOnlyList<byte[]> Envelopes() =>
    [
        .. Mails().Select(mail => MimeReader.Read(mail, MimeLimits.Default)).OfType<MimeReadResult.Read>()
            .Select(mail => MailBinding.Read(mail.Root, MimeLimits.Default)).OfType<SoapMailReadResult.Found>()
            .Select(found => found.Request.EnvelopeOctets.ToArray()),
    ];

    /// <summary>Text with CRLF line ends, octets as Latin-1 characters.</summary>
    public static byte[] Text(string text) => Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n"));
}
