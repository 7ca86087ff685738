using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Relay.Store.Segments;

/// <summary>The segments of a spool: a file each, named by its number, in one folder. Any process may read; only the running relay writes.</summary>
internal sealed class SegmentFolder(string path)
{
    private const string Ending = ".segment";

    public string Path { get; } = path;

    /// <summary>The id of the database that the segments belong to. What belongs to another is not read.</summary>
    public Guid Owner { get; set; }

    public string PathOf(long segment) => System.IO.Path.Combine(Path, segment.ToString("D12", CultureInfo.InvariantCulture) + Ending);

    /// <summary>The numbers of all that there are, in order.</summary>
    public IReadOnlyList<long> Numbers()
    {
        if (!Directory.Exists(Path))
        {
            return [];
        }

        var numbers = new List<long>();
        foreach (var file in Directory.EnumerateFiles(Path, "*" + Ending))
        {
            if (long.TryParse(System.IO.Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    public void Delete(long segment) => File.Delete(PathOf(segment));

    /// <summary>Keeps the file under a name that is no segment's.</summary>
    public void PutAside(long segment) => File.Move(PathOf(segment), PathOf(segment) + ".damaged", overwrite: true);

    /// <summary>Keeps every segment of another database under a name that is no segment's; returns what was kept, with its new name.</summary>
    /// <exception cref="IOException">A file cannot be read or renamed.</exception>
    public IReadOnlyList<(long Segment, Guid Owner, string Name)> PutForeignAside()
    {
        var foreign = new List<(long, Guid, string)>();
        Span<byte> octets = stackalloc byte[SegmentHeader.Octets];
        foreach (var number in Numbers())
        {
            using var file = File.OpenHandle(PathOf(number), share: FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.Read(file, octets, 0);
            if (SegmentHeader.TryRead(octets[..length], number, out var header) && header.Owner is { } owner && owner != Owner)
            {
                var name = FreeName($"{PathOf(number)}.of-{owner:N}");
                File.Move(PathOf(number), name);
                foreign.Add((number, owner, name));
            }
        }

        return foreign;
    }

    /// <summary>The content of one record, its checksum compared; null when it is gone, damaged, or another database's.</summary>
    /// <exception cref="IOException">The file is there and cannot be opened or read just now, as when there are too many open files.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[]? Read(RecordPosition position)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(position.Segment), share: FileShare.ReadWrite | FileShare.Delete);
            return Read(file, position);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // The caller says what is missing.
        }
    }

    private byte[]? Read(SafeFileHandle file, RecordPosition position)
    {
        Span<byte> octets = stackalloc byte[SegmentHeader.Octets];
        var length = RandomAccess.Read(file, octets, 0);
        if (!SegmentHeader.TryRead(octets[..length], position.Segment, out var header) || (header.Owner is { } owner && owner != Owner))
        {
            return null;
        }

        octets = octets[..SegmentFormat.RecordHeaderOctets];
        return RandomAccess.Read(file, octets, position.Offset) == octets.Length
            && SegmentFormat.TryReadLengths(octets, out var envelope, out var content)
                ? Read(file, position.Offset, octets.Length + envelope + content, header.Salt)
                : null;
    }

    // One of that name may lie there, from when the same database was last exchanged.
    private static string FreeName(string name)
    {
        var free = name;
        for (var copy = 2; File.Exists(free); copy++)
        {
            free = $"{name}.{copy}";
        }

        return free;
    }

    private static byte[]? Read(SafeFileHandle file, long offset, int length, ulong salt)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var record = buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, length), offset));
            return SegmentFormat.TryReadRecord(record, salt, offset, out _, out var content) ? record[^content..].ToArray() : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
