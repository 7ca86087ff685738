using System.Buffers;

namespace Relay.Wire.Ews;

/// <summary>
/// Cuts a streaming response into its envelopes: many documents glued together, of any prefix, with or without a declaration in front of
/// each. Looking for the end tag finds an envelope when its last octet arrives, where an XML reader would wait for the next one.
/// </summary>
/// <param name="maxEnvelopeBytes">An envelope longer than this is refused; at least 1.</param>
/// <remarks>An end tag inside a comment or CDATA section would mislead it; no server writes either.</remarks>
public sealed class EwsEnvelopeSplitter(int maxEnvelopeBytes = 16 * 1024 * 1024)
{
    // A longer end tag is not an envelope's; looking no further keeps the work linear.
    private const int LongestTag = 256;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private int _start;
    private int _scanned;

    /// <summary>More has come in than an envelope may have, without an end; nothing more is cut.</summary>
    public bool IsTooLong => _buffer.WrittenCount - _start > maxEnvelopeBytes;

    /// <summary>Adds octets as they come from the connection, in pieces of any size.</summary>
    /// <param name="octets">Copied.</param>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (_start == _buffer.WrittenCount)
        {
            Restart();
        }
        else if (_start > 64 * 1024)
        {
            var rest = _buffer.WrittenSpan[_start..].ToArray();
            var scanned = _scanned - _start;
            Restart();
            _buffer.Write(rest);
            _scanned = scanned;
        }

        _buffer.Write(octets);
    }

    /// <summary>The next envelope that has arrived whole.</summary>
    /// <param name="envelope">One XML document, without what stood before it; good until the next <see cref="Append"/>.</param>
    public bool TryTake(out ReadOnlyMemory<byte> envelope)
    {
        var span = _buffer.WrittenSpan;
        while (_scanned < span.Length)
        {
            var open = span[_scanned..].IndexOf("</"u8);
            if (open < 0)
            {
                // The tag's first octet may be the last that has come.
                _scanned = Math.Max(_scanned, span.Length - 1);
                break;
            }

            var tag = _scanned + open;
            var name = span.Slice(tag, Math.Min(LongestTag, span.Length - tag));
            var close = name.IndexOf((byte)'>');
            if (close < 0 && name.Length < LongestTag)
            {
                _scanned = tag;
                break;
            }

            if (close < 0)
            {
                _scanned = tag + 2;
                continue;
            }

            _scanned = tag + close + 1;
            if (IsEnvelope(span[(tag + 2)..(tag + close)]))
            {
                envelope = Trimmed(_buffer.WrittenMemory[_start.._scanned]);
                _start = _scanned;
                return true;
            }
        }

        envelope = default;
        return false;
    }

    private static bool IsEnvelope(ReadOnlySpan<byte> name)
    {
        name = name.TrimEnd(" \t\r\n"u8);
        return name.EndsWith("Envelope"u8) && (name.Length == 8 || name[^9] == (byte)':');
    }

    /// <summary>Byte order marks and line ends between envelopes are harmless in a stream, but not before a declaration.</summary>
    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> envelope)
    {
        var begin = envelope.Span.IndexOf((byte)'<');
        return begin > 0 ? envelope[begin..] : envelope;
    }

    private void Restart()
    {
        _buffer.ResetWrittenCount();
        _start = 0;
        _scanned = 0;
    }
}
