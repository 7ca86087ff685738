using System.Globalization;
using System.Security.Cryptography;

namespace Relay.Inbound;

/// <summary>
/// Finds the mails of an mbox file: from each <c>From </c> line that begins the file or follows an empty line, to the next. One pass over the
/// file, in memory that its size does not change.
/// </summary>
internal sealed class MboxScan : IDisposable
{
    private readonly Stream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer;
    private int _from;
    private int _to;
    private long _position;

    private MboxScan(Stream file, int bufferSize)
    {
        _file = file;
        _buffer = new byte[bufferSize];
    }

    private static ReadOnlySpan<byte> Separator => "From "u8;

    /// <param name="file">From its beginning.</param>
    /// <param name="bufferSize">Octets read at once, five at least.</param>
    /// <returns>Place, length and a name of each: its number and the SHA-256 of its octets.</returns>
    /// <exception cref="InvalidDataException">It does not begin with a <c>From </c> line.</exception>
    public static IReadOnlyList<(string Name, long Start, long Length)> Read(Stream file, int bufferSize = 128 * 1024)
    {
        using var scan = new MboxScan(file, bufferSize);
        var mails = new List<(string Name, long Start, long Length)>();
        long start = 0;
        bool isAfterEmpty = false;
        while (scan.Ahead() is { IsEmpty: false } line)
        {
            bool isSeparator = line.StartsWith(Separator);
            if (scan._position == 0 && !isSeparator)
            {
                throw new InvalidDataException("The file does not begin like an mbox file.");
            }

            if (isSeparator && isAfterEmpty)
            {
                mails.Add(scan.Cut(mails.Count, ref start));
            }

            isAfterEmpty = scan.TakeLine();
        }

        if (scan._position > start)
        {
            mails.Add(scan.Cut(mails.Count, ref start));
        }

        return mails;
    }

    public void Dispose() => _hash.Dispose();

    private (string Name, long Start, long Length) Cut(int index, ref long start)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{index}-{Convert.ToHexStringLower(_hash.GetHashAndReset())}");
        var mail = (name, start, _position - start);
        start = _position;
        return mail;
    }

    /// <summary>What comes next: as much as a separator has, unless the file ends before.</summary>
    private ReadOnlySpan<byte> Ahead()
    {
        if (_to - _from < Separator.Length)
        {
            _buffer.AsSpan(_from.._to).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
            _to += _file.ReadAtLeast(_buffer.AsSpan(_to), Separator.Length - _to, throwOnEndOfStream: false);
        }

        return _buffer.AsSpan(_from.._to);
    }

    /// <summary>To the end of a line. True where nothing stood in it.</summary>
    private bool TakeLine()
    {
        bool isEmpty = true;
        while (Ahead() is { IsEmpty: false } rest)
        {
            int end = rest.IndexOf((byte)'\n');
            var piece = end < 0 ? rest : rest[..(end + 1)];
            isEmpty &= piece.TrimEnd("\r\n"u8).IsEmpty;
            _hash.AppendData(piece);
            _from += piece.Length;
            _position += piece.Length;
            if (end >= 0)
            {
                break;
            }
        }

        return isEmpty;
    }
}
