using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>What the pages promise, and what no file may hold.</summary>
public sealed partial class PageTests
{
    /// <summary>Settings that people may set, by their place below "Relay"; docs/operations.md explains each.</summary>
    private static readonly string[] SettingKeys =
    [
        "Smtp:HostName", "Smtp:Domains",
        "Smtp:Listeners:N:Address", "Smtp:Listeners:N:Port", "Smtp:Listeners:N:Protocol", "Smtp:Listeners:N:Tls",
        "Smtp:Certificate:Path", "Smtp:Certificate:KeyPath", "Smtp:Certificate:Password", "Smtp:MaxMessageBytes",
        "Smtp:Limits:Sessions", "Smtp:Limits:SessionsPerClient", "Smtp:Limits:ErrorsBeforeDelay",
        "Smtp:Limits:ErrorsPerSession", "Smtp:Limits:TextLineBytes",
        "Services:N:Address", "Services:N:Service",
        "Delivery:Smarthost:Host", "Delivery:Smarthost:Port", "Delivery:Smarthost:Tls",
        "Delivery:Smarthost:UserName", "Delivery:Smarthost:Password",
        "Delivery:Connections", "Delivery:FirstRetry", "Delivery:GiveUp",
        "Exchange:Url", "Exchange:UserName", "Exchange:Password", "Exchange:Auth", "Exchange:Mode",
        "Exchange:Simulator:Url", "Exchange:Simulator:Activity", "Exchange:Simulator:Mailboxes",
        "Store:Provider", "Store:ConnectionString", "Http:Url",
        "Access:Subscribers:N:Address", "Access:Subscribers:N:Proof", "Access:Subscribers:N:Networks",
        "Access:Subscribers:N:Mailboxes", "Access:Subscribers:N:Operations",
        "Access:Accounts:N:Name", "Access:Accounts:N:Password", "Access:Accounts:N:PasswordFile",
        "Pickup:N:Path", "Pickup:N:Format", "Pickup:N:Poll", "Forward:Unknown",
    ];

    [Theory]
    [InlineData("the demo", @"^\s*dotnet run\b.*\bsrc/Relay\b.*\bdemo\b")]
    [InlineData("the tests", @"^\s*dotnet test -c Release\s*$")]
    public void The_readme_has_the_command_that_runs(string what, string command) =>
        Assert.True(
            CodeBlocks(Read("README.md")).Any(line => Regex.IsMatch(line, command)),
            $"README.md has no code block with {what}: {command}");

    [Fact]
    public void Every_setting_that_people_may_rely_on_is_explained() =>
        Expect.None(SettingKeys.Except(SettingsPage.Keys()));

    [Fact]
    public void Decisions_are_numbered_without_a_gap()
    {
        string[] numbers = [.. Directory.GetFiles(Repository.PathOf("docs/decisions"), "*.md")
            .Select(path => DecisionName().Replace(Path.GetFileName(path), "${number}"))
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
        string[] roots = ["/root" + "/", "/home" + "/", "/tmp" + "/", "/work" + "/", @"C:" + @"\Users"];
        IEnumerable<string> found = SourceTree.TextFiles()
            .Where(path => !Binary.Contains(Path.GetExtension(path)))
            .SelectMany(path => roots.Where(Read(path).Contains).Select(root => $"{path}: {root}"));

        Expect.None(found);
    }

    private static readonly string[] Binary = [".png", ".bin", ".db", ".pfx"];

    private static string Read(string path) => File.ReadAllText(Repository.PathOf(path));

    private static IEnumerable<string> CodeBlocks(string page) =>
        CodeBlock().Matches(page).SelectMany(block => block.Groups["lines"].Value.Split('\n'));

    [GeneratedRegex(@"^```[a-z]*\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^(?<number>\d{4})-[a-z0-9-]+\.md$")]
    private static partial Regex DecisionName();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)")]
    private static partial Regex Link();
}
