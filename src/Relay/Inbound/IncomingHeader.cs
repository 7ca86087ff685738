using System.Buffers;
using System.Text;
using Relay.Wire.Mime;

namespace Relay.Inbound;

/// <summary>
/// The header of a mail that goes by, held back until it is whole: it tells the id that the answer will refer to (X-Message-ID, else Message-ID), which
/// the 250 names, and loses what only the last server may write.
/// </summary>
internal sealed class IncomingHeader
{
    /// <summary>As much of a header as Intake reads; what lies behind it is no header.</summary>
    public const int MostOctets = 64 * 1024;

    private const int Seam = 3; // one octet less than what ends a header

    private readonly ArrayBufferWriter<byte> _header = new(512);

    private static ReadOnlySpan<byte> HeaderEnd => "\r\n\r\n"u8;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>What follows is the body.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Takes what belongs to the header; what is behind it is returned.</summary>
    public ReadOnlySequence<byte> Take(ReadOnlySequence<byte> content)
    {
        long taken = 0;
        foreach (var piece in content)
        {
            if (IsComplete)
            {
                break;
            }

            taken += Take(piece.Span);
        }

        return content.Slice(taken);
    }

    private int Take(ReadOnlySpan<byte> piece)
    {
        piece = piece[..Math.Min(piece.Length, MostOctets - _header.WrittenCount)];
        int length = LengthIn(piece);
        IsComplete = length > 0 || _header.WrittenCount + piece.Length == MostOctets;
        piece = length > 0 ? piece[..length] : piece;
        _header.Write(piece);
        return piece.Length;
    }

    /// <summary>Octets of the piece up to the end of the empty line that ends the header; 0 where it has not come yet.</summary>
    private int LengthIn(ReadOnlySpan<byte> piece)
    {
        // It may begin in what came before. A line end is taken to stand before the first field: where the empty line comes first, all else is body
        // (RFC 5322 §2.1).
        Span<byte> seam = stackalloc byte[2 * Seam];
        "\0\r\n"u8.CopyTo(seam);
        var before = _header.WrittenSpan[Math.Max(0, _header.WrittenCount - Seam)..];
        seam[before.Length..Seam].CopyTo(seam);
        before.CopyTo(seam[(Seam - before.Length)..]);
        var after = piece[..Math.Min(piece.Length, Seam)];
        after.CopyTo(seam[Seam..]);
        int end = seam[..(Seam + after.Length)].IndexOf(HeaderEnd);
        if (end >= 0)
        {
            return end + HeaderEnd.Length - Seam;
        }

        end = piece.IndexOf(HeaderEnd);
        return end < 0 ? 0 : end + HeaderEnd.Length;
    }

    /// <summary>The id in angle brackets, whether or not the client wrote them; only what a reply line can carry.</summary>
    public string Told(string mailId)
    {
        string? id = RequestIds.AnsweredId(_header.WrittenSpan);
        return $"<{(id is not null && MessageId.FitsReply(id) ? MessageId.Normalize(id) : mailId)}>";
    }

    /// <summary>The header as it came.</summary>
    public ReadOnlyMemory<byte> AsItCame() => _header.WrittenMemory;

    /// <summary>The header of a mail that ends here: one Return-Path, on top, and none that came with it (RFC 5321 §4.4).</summary>
    public ReadOnlyMemory<byte> Stamped(string? reversePath)
    {
        var stamped = new ArrayBufferWriter<byte>(_header.WrittenCount + 300);
        stamped.Write(Encoding.UTF8.GetBytes($"Return-Path: <{reversePath}>\r\n"));
        bool isDropped = false;
        for (var rest = _header.WrittenSpan; !rest.IsEmpty;)
        {
            int end = rest.IndexOf(LineEnd);
            var line = end < 0 ? rest : rest[..(end + LineEnd.Length)];
            rest = rest[line.Length..];
            // RFC 5322 §2.2.3: a line that begins with white space goes on with the field before it.
            isDropped = line[0] is (byte)' ' or (byte)'\t' ? isDropped : IsReturnPath(line);
            if (!isDropped)
            {
                stamped.Write(line);
            }
        }

        return stamped.WrittenMemory;
    }

    // RFC 5322 §4.5.8: of old, blanks stood before the colon.
    private static bool IsReturnPath(ReadOnlySpan<byte> line) =>
        line.IndexOf((byte)':') is var colon and > 0 && Ascii.EqualsIgnoreCase(line[..colon].TrimEnd(" \t"u8), "Return-Path"u8);
}
