using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>An address, every address of a domain (<c>*@branch.example</c>) or every address (<c>*</c>), compared ignoring case.</summary>
internal sealed record AddressPattern(string Text)
{
    public static AddressPattern Any { get; } = new("*");

    public static bool TryParse(string text, out AddressPattern pattern)
    {
        pattern = new AddressPattern(text);
        return text == "*"
            || (text.StartsWith("*@", StringComparison.Ordinal) && MailAddress.TryParse("x" + text.AsSpan(1).ToString(), out _))
            || (!text.Contains('*', StringComparison.Ordinal) && MailAddress.TryParse(text, out var address) && address.Domain.Length > 0);
    }

    public bool Matches(string address) =>
        Text == "*"
        || (Text.StartsWith("*@", StringComparison.Ordinal)
            ? address.EndsWith(Text[1..], StringComparison.OrdinalIgnoreCase) && address.Length > Text.Length - 1
            : address.Equals(Text, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => Text;
}
