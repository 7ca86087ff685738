using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>A line of build/BannedSymbols.txt that names nothing bans nothing, and nobody is told.</summary>
public sealed class BannedSymbolTests
{
    private static readonly CSharpCompilation BaseLibrary = CSharpCompilation.Create(
        "base",
        references: ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)));

    public static TheoryData<string> Lines =>
        new(File.ReadLines(Repository.PathOf("build/BannedSymbols.txt")).Where(line => line.Length > 0));

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_banned_symbol_exists(string line) =>
        Assert.NotEmpty(DocumentationCommentId.GetSymbolsForDeclarationId(line.Split(';')[0], BaseLibrary));

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_ban_says_what_to_use_instead(string line) =>
        Assert.True(line.Split(';') is [_, { Length: > 10 }], line);
}
