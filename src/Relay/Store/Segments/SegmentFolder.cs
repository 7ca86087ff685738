using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Relay.Store.Segments;

/// <summary>The segments of a spool: a file each, named by its number, in one folder. Any process may read; only the running relay writes.</summary>
internal sealed class SegmentFolder(string path)
{
    private const string Ending = ".segment";

    public string Path { get; } = path;

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

    /// <summary>The content of one record, its checksum compared; null when it is gone or damaged.</summary>
    /// <exception cref="IOException">The file is there and cannot be opened, as when there are too many open files.</exception>
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

    private static byte[]? Read(SafeFileHandle file, RecordPosition position)
    {
        try
        {
            Span<byte> header = stackalloc byte[SegmentFormat.HeaderOctets];
            if (RandomAccess.Read(file, header, 0) != header.Length || !SegmentFormat.TryReadHeader(header, position.Segment, out var salt))
            {
                return null;
            }

            header = header[..SegmentFormat.RecordHeaderOctets];
            return RandomAccess.Read(file, header, position.Offset) == header.Length
                && SegmentFormat.TryReadLengths(header, out var envelope, out var content)
                    ? Read(file, position.Offset, header.Length + envelope + content, salt)
                    : null;
        }
        catch (IOException)
        {
            return null; // The disk does not give it back: damaged, like a wrong checksum.
        }
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
