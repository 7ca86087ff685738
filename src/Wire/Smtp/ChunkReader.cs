namespace Relay.Wire.Smtp;

/// <summary>Looks at content that comes in chunks: no dots to take off, but lines all the same (RFC 3030 §2, without BINARYMIME).</summary>
/// <param name="maxLine">Octets of a line with its CRLF.</param>
public sealed class ChunkReader(int maxLine)
{
    private bool _isAfterCr;
    private long _line;

    /// <summary>A CR without LF or a LF without CR was seen.</summary>
    public bool HasBareLineEnd { get; private set; }

    /// <summary>A line with more octets than the limit was seen (RFC 5321 §4.5.3.1.6).</summary>
    public bool HasLongLine { get; private set; }

    /// <summary>Octets so far.</summary>
    public long Length { get; private set; }

    /// <summary>Whether content can go as a chunk as it is: lines that end in CRLF, the last one too, and no other CR or LF.</summary>
    public static bool IsLines(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var end = content.IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0 || content[end] == '\n' || end + 1 == content.Length || content[end + 1] != '\n')
            {
                return false;
            }

            content = content[(end + 2)..];
        }

        return true;
    }

    /// <summary>Looks at the next octets; a chunk may end anywhere, also between CR and LF.</summary>
    public void Read(ReadOnlySpan<byte> octets)
    {
        Length += octets.Length;
        while (!octets.IsEmpty)
        {
            if (_isAfterCr)
            {
                _isAfterCr = false;
                var isLineEnd = octets[0] == '\n';
                HasBareLineEnd |= !isLineEnd;
                Count(1);
                _line = isLineEnd ? 0 : _line;
                octets = isLineEnd ? octets[1..] : octets;
                continue;
            }

            var end = octets.IndexOfAny((byte)'\r', (byte)'\n');
            Count(end < 0 ? octets.Length : end + 1);
            if (end < 0)
            {
                return;
            }

            _isAfterCr = octets[end] == '\r';
            HasBareLineEnd |= !_isAfterCr;
            octets = octets[(end + 1)..];
        }
    }

    /// <summary>Nothing follows: a CR at the very end stays alone.</summary>
    public void End() => HasBareLineEnd |= _isAfterCr;

    private void Count(int octets)
    {
        _line += octets;
        HasLongLine |= _line > maxLine;
    }
}
