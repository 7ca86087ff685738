using System.Globalization;

namespace Relay.Wire.Smtp;

/// <summary>What a server announced in its reply to EHLO (RFC 5321 §4.1.1.1).</summary>
/// <param name="Extensions">The keywords known here.</param>
/// <param name="MaxSize">Octets the server takes at most; null when it set no fixed limit (RFC 1870 §3: SIZE 0, or no number).</param>
/// <param name="AuthMechanisms">In upper case, in the order given (RFC 4954 §3).</param>
public sealed record SmtpCapabilities(SmtpExtensions Extensions, long? MaxSize, IReadOnlyList<string> AuthMechanisms)
{
    /// <summary>What a server has that knows HELO only.</summary>
    public static readonly SmtpCapabilities None = new(SmtpExtensions.None, null, []);

    /// <summary>Whether an extension was announced.</summary>
    public bool Has(SmtpExtensions extension) => (Extensions & extension) == extension;

    /// <summary>Reads the text of an EHLO reply; its first line is the server's name, unknown keywords are passed over.</summary>
    public static SmtpCapabilities Read(string replyText)
    {
        var extensions = SmtpExtensions.None;
        long? maxSize = null;
        var mechanisms = new List<string>();
        foreach (var line in replyText.Split('\n').Skip(1))
        {
            var words = line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var extension = words.Length == 0 ? SmtpExtensions.None : ExtensionOf(words[0].ToUpperInvariant());
            extensions |= extension;
            if (extension == SmtpExtensions.Auth)
            {
                mechanisms.AddRange(words.Skip(1).Select(word => word.ToUpperInvariant()));
            }
            else if (extension == SmtpExtensions.Size && words.Length > 1
                && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0)
            {
                maxSize = size;
            }
        }

        return new SmtpCapabilities(extensions, maxSize, mechanisms);
    }

    private static SmtpExtensions ExtensionOf(string keyword) => keyword switch
    {
        "PIPELINING" => SmtpExtensions.Pipelining,
        "SIZE" => SmtpExtensions.Size,
        "8BITMIME" => SmtpExtensions.EightBitMime,
        "SMTPUTF8" => SmtpExtensions.SmtpUtf8,
        "ENHANCEDSTATUSCODES" => SmtpExtensions.EnhancedStatusCodes,
        "CHUNKING" => SmtpExtensions.Chunking,
        "DSN" => SmtpExtensions.Dsn,
        "STARTTLS" => SmtpExtensions.StartTls,
        "AUTH" => SmtpExtensions.Auth,
        _ => SmtpExtensions.None,
    };
}
