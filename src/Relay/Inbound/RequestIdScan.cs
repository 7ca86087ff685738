using System.Buffers;
using Relay.Wire.Mime;

namespace Relay.Inbound;

/// <summary>
/// Finds the id that the answer will refer to while the mail goes by: X-Message-ID, else Message-ID. It is told in the 250, so that a client
/// whose mail had no id learns it.
/// </summary>
internal sealed class RequestIdScan
{
    /// <summary>As much of a header as Intake reads; what lies behind it is no header.</summary>
    private const int MostHeader = 64 * 1024;

    private static ReadOnlySpan<byte> HeaderEnd => "\r\n\r\n"u8;

    private readonly ArrayBufferWriter<byte> _header = new(512);
    private bool _complete;

    public void Take(ReadOnlySequence<byte> content)
    {
        foreach (var piece in content)
        {
            if (_complete)
            {
                return;
            }

            Take(piece.Span);
        }
    }

    private void Take(ReadOnlySpan<byte> piece)
    {
        // Only the header is copied, not the body behind it.
        int end = piece.IndexOf(HeaderEnd);
        int most = Math.Min(end < 0 ? piece.Length : end + HeaderEnd.Length, MostHeader - _header.WrittenCount);
        int before = Math.Max(0, _header.WrittenCount - (HeaderEnd.Length - 1));
        _header.Write(piece[..most]);
        _complete = end >= 0 || _header.WrittenCount == MostHeader || _header.WrittenSpan[before..].IndexOf(HeaderEnd) >= 0;
    }

    /// <summary>The id in angle brackets, whether or not the client wrote them; only what a reply line can carry.</summary>
    public string Told(string mailId)
    {
        string? id = RequestIds.AnsweredId(_header.WrittenSpan);
        return $"<{(id is not null && MessageId.FitsReply(id) ? MessageId.Normalize(id) : mailId)}>";
    }
}
