using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Relay.Operator;

/// <summary>Keeps from reports what would let whoever reads them act: the tokens in our own addresses, and fields that prove who is asking.</summary>
internal static partial class Secrets
{
    private const string Hidden = "…";

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Hide(string? text) => text is null ? null : Token().Replace(text, "${purpose}+" + Hidden);

    /// <summary>The value of a header field as a report may show it.</summary>
    public static string HideField(string name, string value) =>
        name.Contains("Token", StringComparison.OrdinalIgnoreCase) || name.Contains("Authorization", StringComparison.OrdinalIgnoreCase)
            ? Hidden
            : Hide(value);

    [GeneratedRegex(@"\b(?<purpose>bounce|unsubscribe|renew|confirm)\+[0-9a-z]{16,}", RegexOptions.IgnoreCase)]
    private static partial Regex Token();
}
