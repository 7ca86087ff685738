using System.Xml.Linq;
using Relay.TestKit;

namespace Relay.Architecture.Tests;

/// <summary>One project under src/, by the name of its folder.</summary>
internal sealed class ProjectFile
{
    private readonly XDocument _xml;

    private ProjectFile(string folder, string path) => (Folder, _xml) = (folder, XDocument.Load(path));

    internal string Folder { get; }

    /// <summary>The folders of the projects that it references.</summary>
    internal IEnumerable<string> References => Items("ProjectReference").Select(path => path.Replace('\\', '/').Split('/')[^2]);

    internal IEnumerable<string> Packages => Items("PackageReference");

    internal IEnumerable<string> Frameworks => Items("FrameworkReference");

    internal IEnumerable<string> GlobalUsings => Items("Using");

    internal static IReadOnlyList<ProjectFile> All() =>
        [.. Directory.GetDirectories(Repository.PathOf("src"))
            .Where(folder => Directory.EnumerateFileSystemEntries(folder).Any())
            .Select(folder => new ProjectFile(Path.GetFileName(folder), Directory.GetFiles(folder, "*.csproj").Single()))];

    private IEnumerable<string> Items(string kind) => _xml.Descendants(kind).Select(item => (string?)item.Attribute("Include") ?? "");
}
