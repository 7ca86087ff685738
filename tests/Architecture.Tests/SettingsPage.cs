using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>The settings in docs/operations.md, and those that the code asks its SettingsReader for.</summary>
internal static partial class SettingsPage
{
    private static readonly string[] ReadingMethods =
        ["Text", "OptionalText", "Texts", "List", "Section", "Int", "Long", "Bool", "Time", "Choice", "Secret", "Networks", "GetSection"];

    /// <summary>Full keys below "Relay", as in "Smtp:Listeners:N:Port"; ":Password" on the page goes with the key before it.</summary>
    internal static IEnumerable<string> Keys()
    {
        string page = Repository.PathOf("docs/operations.md");
        foreach (string line in File.ReadLines(page).Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            string before = "";
            foreach (Match key in Key().Matches(line.Split(" | ")[0]))
            {
                string text = key.Groups["key"].Value;
                before = text[0] == ':' ? before[..before.LastIndexOf(':')] + text : text;
                yield return before;
            }
        }
    }

    /// <summary>The last parts of keys: the literals with which a reader of settings is asked.</summary>
    internal static IEnumerable<string> KeysInCode() => Readers
        .SelectMany(file => file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>())
        .Where(call => call.Expression is MemberAccessExpressionSyntax member && ReadingMethods.Contains(member.Name.Identifier.ValueText))
        .SelectMany(call => call.ArgumentList.Arguments.Take(IsSecret(call) ? 2 : 1))
        .Select(argument => argument.Expression)
        .Concat(Readers.SelectMany(Patterns))
        .OfType<LiteralExpressionSyntax>()
        .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression))
        .Select(literal => literal.Token.ValueText)
        .SelectMany(text => text.Split(':'))
        .Where(text => PartOfKey().IsMatch(text) && text != "Relay")
        .Distinct();

    /// <summary>A secret has a second key, for the file that holds it.</summary>
    private static bool IsSecret(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Secret" };

    private static IEnumerable<SourceFile> Readers =>
        SourceTree.Under("src/Relay").Where(file => file.NamedNamespaces.Contains("Relay.Settings"));

    /// <summary>Second arguments of helpers that take the reader first: ReadPatterns(entry, "Mailboxes", …).</summary>
    private static IEnumerable<ExpressionSyntax> Patterns(SourceFile file) =>
        file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression is IdentifierNameSyntax && call.ArgumentList.Arguments.Count >= 2)
            .Where(call => call.ArgumentList.Arguments[0].Expression
                is IdentifierNameSyntax { Identifier.ValueText: "settings" or "entry" or "item" })
            .Select(call => call.ArgumentList.Arguments[1].Expression);

    [GeneratedRegex("`(?<key>:?[A-Z][A-Za-z]*(:[A-Z][A-Za-z]*)*)`")]
    private static partial Regex Key();

    [GeneratedRegex("^[A-Z][A-Za-z]+$")]
    private static partial Regex PartOfKey();
}
