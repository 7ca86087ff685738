using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Relay.Architecture.Tests;

/// <summary>Who may use whom. Projects as below, folders of the gateway as in docs/architecture.md: a new arrow is drawn there.</summary>
public sealed class LayerTests
{
    /// <summary>A project → the projects it references.</summary>
    private static readonly Dictionary<string, string[]> ProjectArrows = new()
    {
        ["Wire"] = [],
        ["Smtp"] = ["Wire"],
        ["ExchangeSimulator"] = ["Wire"],
        ["Client"] = ["Smtp", "Wire"],
        ["Relay"] = ["ExchangeSimulator", "Smtp", "Wire"],
    };

    private static readonly ArrowTable FolderArrows = ArrowTable.Read();

    /// <summary>Where octets come from, what time it is and who is told: none of it is a codec's business.</summary>
    private static readonly string[] ForbiddenInWire =
    [
        "System.Net.Http", "System.Net.Security", "Microsoft.Extensions", "Microsoft.AspNetCore",
        "System.Diagnostics.Metrics", "System.IO.Pipes",
    ];

    private static readonly string[] ForbiddenNamesInWire =
    [
        "Socket", "TcpClient", "TcpListener", "UdpClient", "NetworkStream", "HttpClient", "TimeProvider", "Stopwatch", "ILogger",
        "ILoggerFactory", "Console", "File", "FileStream",
    ];

    [Fact]
    public void Projects_reference_only_along_the_drawn_arrows()
    {
        IReadOnlyList<ProjectFile> projects = ProjectFile.All();

        Assert.Equal(ProjectArrows.Keys.Order(), projects.Select(project => project.Folder).Order());
        Assert.All(projects, project => Assert.Equal(ProjectArrows[project.Folder].Order(), project.References.Order()));
    }

    [Fact]
    public void Wire_stands_on_nothing_but_the_base_library()
    {
        ProjectFile wire = ProjectFile.All().Single(project => project.Folder == "Wire");

        Expect.None(wire.Packages);
        Expect.None(wire.Frameworks);
    }

    [Fact]
    public void The_server_asks_no_name_server()
    {
        // One slow resolver would hold up every client that is accepted, and every mail.
        string[] forbidden = ["Dns", "DnsEndPoint", "IPHostEntry", "TcpClient", "UdpClient", "HttpClient"];
        IEnumerable<SourceFile> files = [.. SourceTree.Under("src/Smtp/Server"), .. SourceTree.Under("src/Smtp/Sockets"), .. SourceTree.Under("src/Smtp/Authentication")];

        Assert.NotEmpty(files);
        Expect.None(files.SelectMany(file => file.Identifiers.Intersect(forbidden).Select(name => $"{file.Path} names {name}")));
    }

    [Fact]
    public void Wire_has_no_socket_clock_or_log()
    {
        IEnumerable<string> namespaces = SourceTree.Under("src/Wire").SelectMany(file => file.Root.DescendantNodes()
            .OfType<UsingDirectiveSyntax>()
            .Select(use => use.NamespaceOrType.ToString())
            .Where(name => ForbiddenInWire.Any(forbidden => name.StartsWith(forbidden, StringComparison.Ordinal)))
            .Select(name => $"{file.Path} uses {name}"));
        IEnumerable<string> names = SourceTree.Under("src/Wire").SelectMany(file => file.Identifiers.Intersect(ForbiddenNamesInWire)
            .Select(name => $"{file.Path} names {name}"));

        Expect.None(namespaces.Concat(names));
    }

    [Fact]
    public void Every_folder_of_the_gateway_has_a_row_and_every_row_a_folder()
    {
        string[] folders = [.. SourceTree.Under("src/Relay").Select(file => file.Folder).Where(folder => folder.Length > 0).Distinct()];

        Expect.None(folders.Except(FolderArrows.Folders));
        Expect.None(FolderArrows.Folders.Except(folders));
    }

    [Fact]
    public void Folders_of_the_gateway_use_only_what_their_row_allows()
    {
        IEnumerable<string> crossings = SourceTree.Under("src/Relay")
            .Where(file => file.Folder.Length > 0)
            .SelectMany(file => file.NamedNamespaces.Distinct()
                .Where(name => !FolderArrows.Allows(file.Folder, name["Relay.".Length..]))
                .Select(name => $"{file.Path} may not name {name}"));

        Expect.None(crossings);
    }

    /// <summary>Types at the root are in the namespace Relay, which every folder sees without saying so.</summary>
    [Fact]
    public void No_folder_of_the_gateway_uses_a_type_of_the_root()
    {
        string[] rootTypes = [.. SourceTree.Under("src/Relay").Where(file => file.Folder.Length == 0)
            .SelectMany(file => file.Types).Select(type => type.Identifier.ValueText)];
        IEnumerable<string> crossings = SourceTree.Under("src/Relay").Where(file => file.Folder.Length > 0)
            .SelectMany(file => file.Identifiers.Intersect(rootTypes).Select(name => $"{file.Path} names {name}"));

        Expect.None(crossings);
    }

    [Fact]
    public void No_using_is_global_except_those_of_the_sdk()
    {
        IEnumerable<string> inCode = SourceTree.All
            .Where(file => file.Root.Usings.Any(use => use.GlobalKeyword.ValueText.Length > 0))
            .Select(file => file.Path);
        IEnumerable<string> inProjects = ProjectFile.All().Where(project => project.GlobalUsings.Any()).Select(project => project.Folder);

        Expect.None(inCode.Concat(inProjects));
    }

    [Fact]
    public void The_namespace_of_a_file_is_its_folder()
    {
        IEnumerable<string> strays = SourceTree.All
            .Where(file => file.Namespace is not null && file.Namespace != NamespaceOf(file.Path))
            .Select(file => $"{file.Path} declares {file.Namespace}, not {NamespaceOf(file.Path)}");

        Expect.None(strays);
    }

    private static string NamespaceOf(string path)
    {
        string[] parts = path.Split('/')[1..^1];
        return parts[0] == "Relay" ? string.Join('.', parts) : "Relay." + string.Join('.', parts);
    }
}
