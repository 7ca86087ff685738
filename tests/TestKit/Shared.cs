namespace Relay.TestKit;

/// <summary>
/// The folder "shared" beside the working tree (or beside one of the folders that hold it): real mails, real Exchange traffic and
/// the Exchange schema, which are not part of the project. Tests that use it skip, saying so, where it is absent.
/// </summary>
public static class Shared
{
    private static readonly string? Folder = Repository.Above(Repository.Root, IsBeside) is { } holder
        ? Path.Combine(holder, "shared")
        : null;

    /// <summary>The path of a file or folder in it, as in "samples/mail"; null when it is not there.</summary>
    public static string? Find(string relative)
    {
        string? path = Folder is null ? null : Path.Combine(Folder, relative);
        return Path.Exists(path) ? path : null;
    }

    /// <summary>What to say when skipping.</summary>
    public static string Missing(string relative) => $"../shared/{relative} is not here";

    private static bool IsBeside(string folder) => Directory.Exists(Path.Combine(folder, "shared", "samples"));
}
