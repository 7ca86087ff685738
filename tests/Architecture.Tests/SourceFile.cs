using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Relay.Architecture.Tests;

/// <param name="Path">Relative to the root, with slashes: "src/Relay/Store/Bell.cs".</param>
/// <param name="Text">As it stands in the file.</param>
/// <param name="Root">The syntax tree.</param>
internal sealed record SourceFile(string Path, string Text, CompilationUnitSyntax Root)
{
    /// <summary>"Store" for src/Relay/Store/Sqlite/X.cs, "" for src/Relay/Program.cs.</summary>
    internal string Folder => Path.Split('/') is [_, _, string folder, _, ..] ? folder : "";

    internal int Lines => Text.AsSpan().Count('\n');

    internal IEnumerable<BaseTypeDeclarationSyntax> Types => Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>();

    internal IEnumerable<MemberDeclarationSyntax> TopLevelTypes =>
        Root.DescendantNodes(node => node is not BaseTypeDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    internal string? Namespace => Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();

    /// <summary>Namespaces that the file names: by using, by alias, or in full in the middle of the code.</summary>
    internal IEnumerable<string> NamedNamespaces
    {
        get
        {
            IEnumerable<string> usings = Root.DescendantNodes()
                .OfType<UsingDirectiveSyntax>()
                .Select(use => use.NamespaceOrType.ToString());
            IEnumerable<string> full = Root.DescendantNodes()
                .Where(node => node is QualifiedNameSyntax or MemberAccessExpressionSyntax)
                .Where(node => !node.Ancestors().Any(ancestor => IsDeclarationOf(ancestor, node)))
                .Select(node => node.ToString());
            return usings.Concat(full)
                .Select(name => name.Replace("global::", ""))
                .Where(name => name.StartsWith("Relay.", StringComparison.Ordinal));
        }
    }

    /// <summary>Names in code as they are written, for "uses a type called …".</summary>
    internal IEnumerable<string> Identifiers =>
        Root.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => name.Identifier.ValueText);

    /// <summary>Text of all comments, doc comments among them.</summary>
    internal IEnumerable<SyntaxTrivia> Comments =>
        Root.DescendantTrivia().Where(trivia => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia);

    internal string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    private static bool IsDeclarationOf(SyntaxNode ancestor, SyntaxNode name) => ancestor is UsingDirectiveSyntax
        || (ancestor is BaseNamespaceDeclarationSyntax space && space.Name.Span.Contains(name.Span));
}
