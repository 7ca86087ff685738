namespace Relay.Store;

/// <summary>
/// The contents that are too large for a row: a file each, in one folder. A file is on stable storage, with its folder, before
/// a row names it; a file that no row names is removed at a later start.
/// </summary>
internal sealed class MailFiles
{
    /// <summary>Octets that a row holds itself; more go to a file, so that one slow mail holds up nobody's commit.</summary>
    public const int InlineLimit = 256 * 1024;

    // Kept free, so that what was accepted can still be answered and settled when nothing new is taken any more.
    private const long Reserve = 64 * 1024 * 1024;

    // A writer in another process may hold a file that no row names yet; no DATA lasts as long as this.
    private static readonly TimeSpan OrphanAge = TimeSpan.FromHours(6);

    private readonly TimeProvider _time;
    private readonly Func<string, long?> _freeRoom;

    /// <param name="folder">An absolute path; made when the first file is.</param>
    /// <param name="time">For the ages of files.</param>
    /// <param name="freeRoom">Octets left on the disk of a folder, null where nobody can say; the system's answer unless given.</param>
    public MailFiles(string folder, TimeProvider time, Func<string, long?>? freeRoom = null)
    {
        Folder = folder;
        _time = time;
        _freeRoom = freeRoom ?? FreeRoom.Of;
    }

    /// <summary>Absolute; not there before the first file is.</summary>
    public string Folder { get; }

    /// <summary>Takes a mail as it comes, in memory up to <see cref="InlineLimit"/> and in a file from there on.</summary>
    public MailContentWriter Create() => new(Folder);

    /// <summary>
    /// False when the disk would be nearly full with so many octets more: refuse what is new then (452), before the store has to
    /// refuse everything.
    /// </summary>
    public bool HasRoomFor(long octets) => Room() >= octets;

    /// <summary>
    /// Octets that can be taken before the disk is nearly full; negative where it is, and without end where nobody can say: then the store tells when it
    /// is full. Asks the disk, which may take its time.
    /// </summary>
    public long Room()
    {
        var folder = Folder;
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"Nothing of {Folder} is there.");
        }

        return _freeRoom(folder) is { } free ? free - Reserve : long.MaxValue;
    }

    /// <summary>All octets of a content, wherever they are.</summary>
    /// <exception cref="FileNotFoundException">The mail was purged.</exception>
    public ReadOnlyMemory<byte> Load(MailContent content) => content switch
    {
        MailContent.Inline inline => inline.Octets,
        MailContent.File file => File.ReadAllBytes(PathOf(file.Name)),
        _ => throw new InvalidOperationException("A content is inline or a file."),
    };

    public void Delete(string name) => File.Delete(PathOf(name));

    /// <summary>Removes old files that no row names. Returns how many.</summary>
    public int RemoveOrphans(IReadOnlySet<string> named)
    {
        if (!Directory.Exists(Folder))
        {
            return 0;
        }

        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(Folder))
        {
            if (!named.Contains(Path.GetFileName(path)) && _time.GetUtcNow() - File.GetLastWriteTimeUtc(path) > OrphanAge)
            {
                File.Delete(path);
                removed++;
            }
        }

        return removed;
    }

    // Names are ours, yet they come from a database that somebody may have edited.
    private string PathOf(string name) =>
        Path.GetFileName(name) == name ? Path.Combine(Folder, name) : throw new ArgumentException($"No file name: {name}", nameof(name));
}
