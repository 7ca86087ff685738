using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Relay.Store.Segments;

/// <summary>The segment that is written. Used by one thread at a time.</summary>
/// <remarks>
/// Its room is written with zeros when it is made, so that a sync has neither length nor extents to write, only the octets. A write or a sync
/// that failed is final: the kernel may have dropped the pages and say so only once, so the caller goes on in a new segment.
/// </remarks>
internal sealed class Segment : IDisposable
{
    private const int ZerosAtOnce = 1024 * 1024;

    private readonly FileStream _stream;
    private readonly SafeFileHandle _file;
    private readonly ulong _salt;
    private readonly int _size;

    private Segment(FileStream stream, long number, ulong salt, int size)
    {
        _stream = stream;
        _file = stream.SafeFileHandle;
        _salt = salt;
        _size = size;
        Number = number;
    }

    public long Number { get; }

    /// <summary>Where the next record begins.</summary>
    public long End { get; private set; } = SegmentHeader.Octets;

    /// <summary>Makes the file, with all its room, and its name durable.</summary>
    /// <exception cref="IOException">There is no room, or the folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static Segment Create(SegmentFolder folder, long number, int size)
    {
        OwnerOnly.CreateFolder(folder.Path);
        var path = folder.PathOf(number);
        var options = OwnerOnly.NewFileIn(folder.Path, FileShare.ReadWrite | FileShare.Delete);
        options.PreallocationSize = size;
        options.BufferSize = 0;
        var stream = new FileStream(path, options);
        try
        {
            Span<byte> chance = stackalloc byte[sizeof(ulong)];
            RandomNumberGenerator.Fill(chance);
            var salt = BinaryPrimitives.ReadUInt64LittleEndian(chance);
            Prepare(stream.SafeFileHandle, new SegmentHeader(number, salt, folder.Owner), size);
            FolderSync.Flush(folder.Path);
            return new Segment(stream, number, salt, size);
        }
        catch
        {
            stream.Dispose();
            File.Delete(path);
            throw;
        }
    }

    public bool HasRoomFor(long octets) => End + octets <= _size;

    /// <summary>Gives a record its place; <see cref="Write"/> puts it there.</summary>
    public RecordPosition Place(RecordBuffer record)
    {
        var position = new RecordPosition(Number, End);
        record.Seal(_salt, End);
        End += record.Length;
        return position;
    }

    /// <summary>Writes what was placed from <paramref name="offset"/> on, in one go, and waits for the disk (fsync).</summary>
    /// <exception cref="IOException">Nothing of it counts as stored.</exception>
    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
    {
        RandomAccess.Write(_file, pieces, offset);
        RandomAccess.FlushToDisk(_file);
    }

    public void Dispose() => _stream.Dispose();

    // Synced in steps, and the header last: the segment that is written meanwhile waits for a step at most.
    private static void Prepare(SafeFileHandle file, SegmentHeader header, int size)
    {
        var zeros = new byte[Math.Min(size, ZerosAtOnce)];
        for (long offset = 0; offset < size; offset += zeros.Length)
        {
            RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(zeros.Length, size - offset)), offset);
            RandomAccess.FlushToDisk(file);
        }

        header.Write(zeros);
        RandomAccess.Write(file, zeros.AsSpan(0, SegmentHeader.Octets), 0);
        RandomAccess.FlushToDisk(file);
    }
}
