using System.Text;

namespace Relay.Fuzz;

/// <summary>The mails that mutations start from.</summary>
public static class Seeds
{
    /// <summary>The fixtures of the MIME and SOAP tests.</summary>
    public static IReadOnlyList<byte[]> Mails() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Seeds"), "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>Text with CRLF line ends, octets as Latin-1 characters.</summary>
    public static byte[] Text(string text) => Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n"));
}
