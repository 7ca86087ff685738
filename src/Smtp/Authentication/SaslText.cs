using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Relay.Smtp.Authentication;

/// <summary>Base64 as AUTH has it: nothing but the alphabet and its padding (RFC 4954 §4).</summary>
internal static class SaslText
{
    /// <summary>False on any other character, blanks too, which .NET's decoder would pass over.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? octets)
    {
        octets = null;
        var buffer = new byte[text.Length];
        if (text.Any(char.IsWhiteSpace) || !Convert.TryFromBase64String(text, buffer, out var length))
        {
            return false;
        }

        octets = buffer[..length];
        return true;
    }

    public static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
