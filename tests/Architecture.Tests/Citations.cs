using System.Text.RegularExpressions;

namespace Relay.Architecture.Tests;

/// <summary>Citations of standards in comments: "RFC 5321 §4.5.2", and "RFC 5321 §4.5.2, §4.5.3" for two of one.</summary>
internal static partial class Citations
{
    /// <summary>Every section cited in a text, each in the one form that the page uses.</summary>
    internal static IEnumerable<string> In(string text) => Citation().Matches(text).SelectMany(match =>
        match.Groups["section"].Captures.Select(section => $"RFC {match.Groups["number"].Value} {section.Value.TrimEnd('.')}"));

    /// <summary>An RFC named in any other way.</summary>
    internal static IEnumerable<string> InOtherForms(string text) => OtherForm().Matches(text).Select(match => match.Value.Trim());

    [GeneratedRegex(@"RFC (?<number>\d{3,5}) (?<section>§[A-Z0-9]+(\.[0-9A-Z]+)*)((, | and )(?<section>§[A-Z0-9]+(\.[0-9A-Z]+)*))*")]
    private static partial Regex Citation();

    // "rfc822" is a media type and an address type, not a citation.
    [GeneratedRegex(
        @"\bRFC[-_]?\d{3,5}|\bRFC ?\d{3,5},? (section|sec\.|chapter)[^\n]{0,12}|\brfc ?(?!822\b)\d{3,5}"
        + @"|\bRFC \d{3,5}§[^\n]{0,8}|\bRFC \d{3,5} § [^\n]{0,8}")]
    private static partial Regex OtherForm();
}
