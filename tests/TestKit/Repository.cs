namespace Relay.TestKit;

/// <summary>The working tree that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Relay.sln.</summary>
    public static string Root { get; } = Above(AppContext.BaseDirectory, folder => File.Exists(Path.Combine(folder, "Relay.sln")))
        ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Relay.sln.");

    /// <summary>As the build names it: "debug" or "release".</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>A program of this build, of the same configuration as the tests themselves.</summary>
    /// <param name="project">The project's name, as in "Relay.Client".</param>
    /// <param name="program">The program's name, as in "relay-client".</param>
    public static string Program(string project, string program)
    {
        string path = Path.Combine(Root, "artifacts", "bin", project, Configuration, OperatingSystem.IsWindows() ? $"{program}.exe" : program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{program} has not been built here.", path);
    }

    internal static string? Above(string start, Func<string, bool> isIt)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (isIt(folder.FullName))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
