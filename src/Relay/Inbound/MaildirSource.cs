using Relay.Store;

namespace Relay.Inbound;

/// <summary>Finished deliveries in a Maildir: those in <c>new</c>, and in <c>cur</c> what a mail program has only looked at.</summary>
internal sealed class MaildirSource : IPickupSource
{
    /// <summary>What one transaction takes; the rest comes with the next round.</summary>
    private const int AtOnce = 64;

    private static readonly string[] Folders = ["new", "cur"];

    private readonly IReadOnlyList<(PickupMail Mail, FileInfo File)> _files;

    /// <param name="path">The Maildir.</param>
    /// <param name="isAside">Whether a name is to be passed over, so that those that cannot be taken do not keep the others waiting.</param>
    public MaildirSource(string path, Func<string, bool> isAside)
    {
        _files = [.. Folders
            .Select(folder => new DirectoryInfo(Path.Combine(path, folder)))
            .SelectMany(folder => folder.EnumerateFiles())
            .Where(file => !file.Name.StartsWith('.') && !isAside(UniqueName(file.Name)))
            .OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)
            .Take(AtOnce)
            .Select(file => (new PickupMail(UniqueName(file.Name), atMost => Read(file, atMost)), file))];
        Mails = [.. _files.Select(file => file.Mail)];
    }

    public IReadOnlyList<PickupMail> Mails { get; }

    public void Remove(IReadOnlyCollection<PickupMail> kept)
    {
        var taken = _files.Where(file => !kept.Contains(file.Mail)).Select(file => file.File).ToList();
        taken.ForEach(file => file.Delete());
        foreach (string folder in taken.Select(file => file.DirectoryName!).Distinct())
        {
            FolderSync.Flush(folder);
        }
    }

    public void Dispose()
    {
        // Nothing is locked: a delivery is a file that appears whole.
    }

    private static byte[] Read(FileInfo file, long atMost)
    {
        file.Refresh();
        return file.Length <= atMost
            ? File.ReadAllBytes(file.FullName)
            : throw new InvalidDataException($"it has {file.Length} octets, more than MaxMessageBytes");
    }

    // What stands behind the colon are flags, which a mail program may change.
    private static string UniqueName(string name) => name.Split(':')[0];
}
