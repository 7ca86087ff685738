using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Relay.Wire.Mime;

/// <summary>Character sets by their names in mail.</summary>
internal static class Charsets
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>An encoding that throws <see cref="DecoderFallbackException"/> on octets it does not know.</summary>
    // UTF-7 is left out on purpose: it can say "<" in ways that no scanner of octets sees.
    public static bool TryGetStrict(string name, [NotNullWhen(true)] out Encoding? encoding)
    {
        name = name.Trim().Trim('"', '\'');
        if (name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || name.Equals("utf8", StringComparison.OrdinalIgnoreCase))
        {
            encoding = Utf8;
            return true;
        }

        encoding = null;
        if (name.Length is 0 or > 40 || name.Equals("utf-7", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        encoding = FromFramework(name) ?? FromCodePages(name);
        return encoding is not null && encoding.CodePage != 65000;
    }

    /// <summary>Whether the name says no more than ASCII, so that nothing is lost by asking elsewhere.</summary>
    public static bool IsAscii(string name) =>
        name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) || name.Equals("ascii", StringComparison.OrdinalIgnoreCase);

    /// <summary>Text for people: unknown charsets and octets become replacement characters, never a fault.</summary>
    public static string DecodeLoosely(ReadOnlySpan<byte> octets, string charset)
    {
        try
        {
            return (TryGetStrict(charset, out var encoding) ? encoding : Utf8).GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            // Replacement characters are the sentence here: the text is shown, not acted on.
            return Encoding.UTF8.GetString(octets);
        }
    }

    /// <summary>Text from UTF-8; false where the octets are something else.</summary>
    public static bool TryDecodeUtf8(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out string? text)
    {
        text = System.Text.Unicode.Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : null;
        return text is not null;
    }

    private static Encoding? FromFramework(string name)
    {
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            // The framework has no other way to say that it does not know a name.
            return null;
        }
    }

    private static Encoding? FromCodePages(string name) =>
        CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
}
