using Relay.Store;

namespace Relay.Inbound;

/// <summary>Finished deliveries in a Maildir: those in <c>new</c>, and in <c>cur</c> what a mail program has only looked at.</summary>
internal sealed class MaildirSource : IPickupSource
{
    /// <summary>What one transaction takes; the rest comes with the next round.</summary>
    private const int AtOnce = 64;

    private static readonly string[] Folders = ["new", "cur"];

    private readonly List<FileInfo> _files;

    public MaildirSource(string path)
    {
        _files = [.. Folders
            .Select(folder => new DirectoryInfo(Path.Combine(path, folder)))
            .SelectMany(folder => folder.EnumerateFiles())
            .Where(file => !file.Name.StartsWith('.'))
            .OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)
            .Take(AtOnce)];
        Mails = [.. _files.Select(file => (UniqueName(file.Name), (Func<byte[]>)(() => File.ReadAllBytes(file.FullName))))];
    }

    public IReadOnlyList<(string Name, Func<byte[]> Read)> Mails { get; }

    public void Remove()
    {
        _files.ForEach(file => file.Delete());
        foreach (string folder in _files.Select(file => file.DirectoryName!).Distinct())
        {
            FolderSync.Flush(folder);
        }
    }

    public void Dispose()
    {
        // Nothing is locked: a delivery is a file that appears whole.
    }

    // What stands behind the colon are flags, which a mail program may change.
    private static string UniqueName(string name) => name.Split(':')[0];
}
