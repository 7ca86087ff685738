using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>What the pages promise, and what no file may hold.</summary>
public sealed partial class PageTests
{
    /// <summary>Settings that people may set, by their place below "Relay"; docs/operations.md explains each.</summary>
    private static readonly string[] SettingKeys =
    [
        "Smtp:HostName", "Smtp:Domains", "Smtp:Listeners", "Smtp:Certificate", "Smtp:MaxMessageBytes", "Smtp:Limits",
        "Services", "Forward:Unknown", "Delivery:Smarthost", "Delivery:Connections", "Delivery:FirstRetry", "Delivery:GiveUp",
        "Exchange:Url", "Exchange:UserName", "Exchange:Password", "Exchange:Auth", "Exchange:Mode",
        "Exchange:Simulator:Url", "Exchange:Simulator:Activity", "Exchange:Simulator:Mailboxes",
        "Store:Provider", "Store:ConnectionString", "Access:Subscribers", "Http:Url",
    ];

    [Theory]
    [InlineData("the demo", @"^\s*dotnet run\b.*\bsrc/Relay\b.*\bdemo\b")]
    [InlineData("the tests", @"^\s*dotnet test -c Release\s*$")]
    public void The_readme_has_the_command_that_runs(string what, string command) =>
        Assert.True(CodeBlocks(Read("README.md")).Any(line => Regex.IsMatch(line, command)), $"README.md has no code block with {what}: {command}");

    [Fact]
    public void Every_setting_is_explained()
    {
        string page = Read("docs/operations.md");

        IEnumerable<string> missing = SettingKeys.Where(key => !page.Contains($"`{key}", StringComparison.Ordinal));

        Expect.None(missing);
    }

    [Fact]
    public void Every_property_of_an_options_class_is_explained()
    {
        string page = Read("docs/operations.md");
        IEnumerable<string> missing = SourceTree.Under("src/Relay").SelectMany(file => file.Types.OfType<TypeDeclarationSyntax>()
            .Where(type => type.Identifier.ValueText.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(type => type.Members.OfType<PropertyDeclarationSyntax>())
            .Where(property => property.AccessorList?.Accessors.Count == 2)
            .Select(property => property.Identifier.ValueText)
            .Where(name => !Regex.IsMatch(page, $@"\b{name}\b"))
            .Select(name => $"{file.Path}: {name}"));

        Expect.None(missing);
    }

    [Fact]
    public void Decisions_are_numbered_without_a_gap()
    {
        Assert.SkipUnless(Directory.Exists(Repository.PathOf("docs/decisions")), "no decision is written yet");
        string[] numbers = [.. Directory.GetFiles(Repository.PathOf("docs/decisions"), "*.md")
            .Select(path => DecisionName().Match(Path.GetFileName(path)) is { Success: true } name ? name.Groups["number"].Value : Path.GetFileName(path))
            .Order(StringComparer.Ordinal)];

        Assert.NotEmpty(numbers);
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(number => $"{number:0000}"), numbers);
    }

    [Fact]
    public void Relative_links_of_the_pages_lead_somewhere()
    {
        IEnumerable<string> broken = SourceTree.TextFiles().Where(path => path.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(path => Link().Matches(Read(path)).Select(link => link.Groups["target"].Value)
                .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal))
                .Where(target => !Path.Exists(Repository.PathOf(Path.Combine(Path.GetDirectoryName(path)!, target))))
                .Select(target => $"{path} → {target}"));

        Expect.None(broken);
    }

    [Theory]
    [InlineData("left for later", "TO" + "DO")]
    [InlineData("left broken", "FIX" + "ME")]
    [InlineData("left out", "NotImplemented" + "Exception")]
    [InlineData("left alone", "HA" + "CK")]
    public void Nothing_in_the_code_is_left_open(string why, string word) =>
        Expect.None(SourceTree.All.Where(file => Regex.IsMatch(file.Text, $@"\b{word}\b")).Select(file => $"{file.Path}: {why}"));

    [Fact]
    public void No_file_names_a_path_of_somebodys_machine()
    {
        string[] roots = ["/work" + "/", "/root" + "/", "/home" + "/", "/tmp" + "/", @"C:" + @"\Users"];
        IEnumerable<string> found = SourceTree.TextFiles()
            .Where(path => Path.GetExtension(path) is ".cs" or ".md" or ".csproj" or ".props" or ".targets" or ".json" or ".sh" or ".txt" or "" or ".smtp" or ".eml")
            .SelectMany(path => roots.Where(Read(path).Contains).Select(root => $"{path}: {root}"));

        Expect.None(found);
    }

    private static string Read(string path)
    {
        Assert.SkipUnless(File.Exists(Repository.PathOf(path)), $"{path} is not written yet");
        return File.ReadAllText(Repository.PathOf(path));
    }

    private static IEnumerable<string> CodeBlocks(string page) =>
        CodeBlock().Matches(page).SelectMany(block => block.Groups["lines"].Value.Split('\n'));

    [GeneratedRegex(@"^```[a-z]*\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^(?<number>\d{4})-[a-z0-9-]+\.md$")]
    private static partial Regex DecisionName();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)")]
    private static partial Regex Link();
}
