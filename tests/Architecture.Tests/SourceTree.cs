using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>The code under src/ as syntax trees, read once.</summary>
internal static class SourceTree
{
    internal static IReadOnlyList<SourceFile> All { get; } = [.. Read("src")];

    internal static IReadOnlyList<SourceFile> Tests { get; } = [.. Read("tests")];

    internal static IEnumerable<SourceFile> Under(string folder) =>
        All.Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal));

    /// <summary>Every file of the working tree that belongs to the project, as paths relative to its root with slashes.</summary>
    internal static IEnumerable<string> TextFiles() =>
        new[] { "src", "tests", "docs", "build", ".ci" }
            .Where(folder => Directory.Exists(Repository.PathOf(folder)))
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    private static IEnumerable<SourceFile> Read(string folder) =>
        TextFiles()
            .Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path =>
            {
                string text = File.ReadAllText(Repository.PathOf(path));
                SyntaxTree tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), path);
                return new SourceFile(path, text, tree.GetCompilationUnitRoot());
            });
}
