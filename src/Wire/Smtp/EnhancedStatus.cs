using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Relay.Wire.Smtp;

/// <summary>The three numbers behind a reply code, such as 5.1.1 (RFC 3463 §2).</summary>
/// <param name="Class">2 success, 4 persistent transient failure, 5 permanent failure.</param>
/// <param name="Subject">What the status is about, 0..999.</param>
/// <param name="Detail">The condition within the subject, 0..999.</param>
public readonly record struct EnhancedStatus(int Class, int Subject, int Detail)
{
    /// <summary>Reads a status that fills the whole text; numbers have no leading zeros.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedStatus status)
    {
        status = default;
        var first = text.IndexOf('.');
        if (first != 1 || text[0] is not ('2' or '4' or '5'))
        {
            return false;
        }

        var rest = text[2..];
        var second = rest.IndexOf('.');
        if (second < 0 || !TryNumber(rest[..second], out var subject) || !TryNumber(rest[(second + 1)..], out var detail))
        {
            return false;
        }

        status = new EnhancedStatus(text[0] - '0', subject, detail);
        return true;
    }

    /// <summary>Reads the status that begins a reply text, with what follows it.</summary>
    /// <param name="text">A reply line without its code.</param>
    /// <param name="status">The status, if there is one.</param>
    /// <param name="rest">The text behind the status and its space; the whole text where there is no status.</param>
    public static bool TryTake(string text, [NotNullWhen(true)] out EnhancedStatus? status, out string rest)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var word = space < 0 ? text : text.AsSpan(0, space);
        if (TryParse(word, out var found))
        {
            status = found;
            rest = space < 0 ? "" : text[(space + 1)..];
            return true;
        }

        status = null;
        rest = text;
        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        return digits.Length is >= 1 and <= 3
            && (digits.Length == 1 || digits[0] != '0')
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
