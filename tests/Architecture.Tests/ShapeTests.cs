using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Relay.Architecture.Tests;

/// <summary>Sizes and shapes that keep the code readable; the figures are printed with every run.</summary>
public sealed class ShapeTests(ITestOutputHelper output)
{
    private const int LongestFile = 400;
    private const int LongestMethod = 60;

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        Print("lines a file in src", SourceTree.All.Select(file => file.Lines));
        Print("lines a file in tests", SourceTree.Tests.Select(file => file.Lines));

        IEnumerable<string> tooLong = SourceTree.All.Concat(SourceTree.Tests)
            .Where(file => file.Lines > LongestFile)
            .Select(file => $"{file.Path}: {file.Lines} lines");

        Expect.None(tooLong);
    }

    [Fact]
    public void No_method_is_longer_than_60_lines()
    {
        (string Where, int Lines)[] methods = [.. SourceTree.All.SelectMany(file =>
            file.Root.DescendantNodes().Where(IsMethod).Select(node => (file.At(node), Lines(node))))];
        Print("lines a method in src", methods.Select(method => method.Lines));

        Expect.None(methods.Where(method => method.Lines > LongestMethod).Select(method => $"{method.Where}: {method.Lines} lines"));
    }

    [Fact]
    public void A_file_holds_one_top_level_type_named_as_the_file()
    {
        IEnumerable<string> crowded = SourceTree.All
            .Where(file => file.TopLevelTypes.Select(Name).Distinct().Count() > 1)
            .Select(file => $"{file.Path}: {string.Join(", ", file.TopLevelTypes.Select(Name))}");
        IEnumerable<string> misnamed = SourceTree.All
            .Where(file => file.TopLevelTypes.Any() && Name(file.TopLevelTypes.First()) != Path.GetFileNameWithoutExtension(file.Path))
            .Select(file => $"{file.Path}: {Name(file.TopLevelTypes.First())}");

        Expect.None(crowded.Concat(misnamed));
    }

    /// <summary>The client's Mail and Services are the small library that people build their own clients on.</summary>
    [Theory]
    [InlineData("src/Relay")]
    [InlineData("src/Client/Commands")]
    public void Types_of_a_program_are_internal(string folder)
    {
        IEnumerable<string> open = SourceTree.Under(folder).SelectMany(file => file.TopLevelTypes
            .Where(type => type.Modifiers.Any(SyntaxKind.PublicKeyword))
            .Select(type => $"{file.At(type)}: {Name(type)}"));

        Expect.None(open);
    }

    [Fact]
    public void Classes_from_which_nothing_inherits_are_sealed_static_or_abstract()
    {
        HashSet<string> bases = [.. SourceTree.All.SelectMany(file => file.Types)
            .SelectMany(type => type.BaseList?.Types.Select(inherited => inherited.Type.ToString().Split('<')[0]) ?? [])];
        IEnumerable<string> open = SourceTree.All.SelectMany(file => file.Types
            .Where(type => type.Kind() is SyntaxKind.ClassDeclaration or SyntaxKind.RecordDeclaration)
            .Where(type => !type.Modifiers.Any(modifier =>
                modifier.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword or SyntaxKind.AbstractKeyword))
            .Where(type => !bases.Contains(type.Identifier.ValueText))
            .Select(type => $"{file.At(type)}: {type.Identifier.ValueText}"));

        Expect.None(open);
    }

    [Fact]
    public void No_static_field_can_change()
    {
        IEnumerable<string> changing = SourceTree.All.SelectMany(file => file.Root.DescendantNodes().OfType<FieldDeclarationSyntax>()
            .Where(field => field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword))
            .Select(file.At));
        IEnumerable<string> settable = SourceTree.All.SelectMany(file => file.Root.DescendantNodes().OfType<PropertyDeclarationSyntax>()
            .Where(property => property.Modifiers.Any(SyntaxKind.StaticKeyword)
                && property.AccessorList?.Accessors.Any(SyntaxKind.SetAccessorDeclaration) == true)
            .Select(file.At));

        Expect.None(changing.Concat(settable));
    }

    [Fact]
    public void No_catch_is_empty()
    {
        IEnumerable<string> empty = SourceTree.All.Concat(SourceTree.Tests).SelectMany(file => file.Root.DescendantNodes()
            .OfType<CatchClauseSyntax>()
            .Where(clause => clause.Block.Statements.Count == 0)
            .Where(clause => !clause.Block.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)))
            .Select(file.At));

        Expect.None(empty);
    }

    [Fact]
    public void A_warning_is_switched_off_only_with_a_reason()
    {
        IEnumerable<string> silent = SourceTree.All.Concat(SourceTree.Tests).SelectMany(file => file.Root
            .DescendantNodes(descendIntoTrivia: true)
            .OfType<PragmaWarningDirectiveTriviaSyntax>()
            .Where(pragma => pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword))
            .Where(pragma => !pragma.ToFullString().Contains("//", StringComparison.Ordinal))
            .Select(file.At));

        Expect.None(silent);
    }

    private static bool IsMethod(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax;

    private static int Lines(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static string Name(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declaration => declaration.Identifier.ValueText,
        DelegateDeclarationSyntax declaration => declaration.Identifier.ValueText,
        _ => type.ToString(),
    };

    private void Print(string what, IEnumerable<int> values)
    {
        int[] sorted = [.. values.Order()];
        if (sorted.Length > 0)
        {
            int Percentile(int percent) => sorted[(sorted.Length - 1) * percent / 100];
            output.WriteLine($"{what}: median {Percentile(50)}, 95th percentile {Percentile(95)}, longest {sorted[^1]} of {sorted.Length}");
        }
    }
}
