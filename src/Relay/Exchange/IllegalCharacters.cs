using System.Buffers.Text;

namespace Relay.Exchange;

/// <summary>
/// Characters that XML 1.0 §2.2 does not have, and that Exchange writes all the same where a stranger put them into a subject or a name: one of them
/// would make a whole answer unreadable.
/// </summary>
internal static class IllegalCharacters
{
    /// <summary>Puts blanks in their place. For UTF-8.</summary>
    /// <returns>Whether there were any.</returns>
    internal static bool Blank(Span<byte> xml)
    {
        bool any = false;
        for (int i = 0; i < xml.Length; i++)
        {
            int length = xml[i] switch
            {
                (byte)'&' => Reference(xml[i..]),
                (byte)'\t' or (byte)'\r' or (byte)'\n' => 0,
                < 32 => 1,
                _ => 0,
            };
            xml.Slice(i, length).Fill((byte)' ');
            any |= length > 0;
        }

        return any;
    }

    // XML 1.0 §4.1: the length of a reference to a character that is none; 0 for anything else.
    private static int Reference(ReadOnlySpan<byte> text)
    {
        const int Longest = 12;
        int end = text[..Math.Min(Longest, text.Length)].IndexOf((byte)';');
        if (end < 3 || text[1] != '#')
        {
            return 0;
        }

        var digits = text[2..end];
        bool isHex = digits[0] == 'x';
        digits = isHex ? digits[1..] : digits;
        return Utf8Parser.TryParse(digits, out uint code, out int used, isHex ? 'X' : 'D') && used == digits.Length && !IsXml(code) ? end + 1 : 0;
    }

    private static bool IsXml(uint code) => code is '\t' or '\r' or '\n' or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or (>= 0x10000 and <= 0x10FFFF);
}
