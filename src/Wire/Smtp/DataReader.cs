using System.Buffers;

namespace Relay.Wire.Smtp;

/// <summary>
/// Mail content between 354 and the final dot: finds the end, takes the transparency off (RFC 5321 §4.5.2), and notes what is wrong.
/// It keeps a state of a few octets and no content, so that a mail of any size passes through in pieces.
/// </summary>
/// <remarks>
/// RFC 5321 §4.1.1.4: only CRLF.CRLF ends the data, whatever else looks like it. The first line counts as preceded by CRLF, so
/// that a dot at once is an empty mail.
/// </remarks>
/// <param name="maxLine">Octets of a line with its CRLF.</param>
/// <param name="convertsLineEnds">A CR or LF alone is handed on as CRLF. It begins no line where a dot would mean anything.</param>
public sealed class DataReader(int maxLine, bool convertsLineEnds = false)
{
    private State _state = State.LineStart;
    private long _line;

    private enum State
    {
        LineStart,
        Dot,
        DotCr,
        InLine,
        Cr,
    }

    /// <summary>The final dot was read.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>A CR without LF or a LF without CR was seen and not converted; content is no longer handed on.</summary>
    public bool HasBareLineEnd { get; private set; }

    /// <summary>A line with more octets than the limit, CRLF included and the stuffed dot not (RFC 5321 §4.5.3.1.6), was seen.</summary>
    public bool HasLongLine { get; private set; }

    /// <summary>Octets of content so far, CRLFs included, stuffed dots and the final dot not.</summary>
    public long Length { get; private set; }

    /// <summary>Reads on until the input or the mail ends.</summary>
    /// <param name="input">The next octets from the connection.</param>
    /// <param name="output">Gets the content.</param>
    /// <returns>Octets consumed: all, unless the mail ended within them.</returns>
    public int Read(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        var at = 0;
        while (at < input.Length && !IsEnded)
        {
            at += _state == State.InLine ? ReadLine(input[at..], output) : Step(input[at], output);
        }

        return at;
    }

    /// <summary>Octets up to the next CR or LF, which are nearly all of them.</summary>
    private int ReadLine(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        var end = input.IndexOfAny((byte)'\r', (byte)'\n');
        var text = end < 0 ? input : input[..end];
        Emit(text, output);
        if (end < 0)
        {
            return text.Length;
        }

        if (input[end] == '\r')
        {
            _state = State.Cr;
        }
        else
        {
            TakeBareLineEnd(output);
        }

        return end + 1;
    }

    // Departs from RFC 5321 §2.3.8 where an option says so: taken for a line end, though for none behind which a dot means anything.
    private void TakeBareLineEnd(IBufferWriter<byte> output)
    {
        HasBareLineEnd |= !convertsLineEnds;
        if (convertsLineEnds)
        {
            Emit("\r\n"u8, output);
            _line = 0;
        }
    }

    /// <summary>One octet in a place where it may matter; 0 when the octet is to be read again in the new state.</summary>
    private int Step(byte octet, IBufferWriter<byte> output)
    {
        switch (_state)
        {
            case State.LineStart:
                _state = octet == '.' ? State.Dot : State.InLine;
                return octet == '.' ? 1 : 0;
            case State.Dot when octet == '\r':
                _state = State.DotCr;
                return 1;
            case State.DotCr when octet == '\n':
                IsEnded = true;
                return 1;
            case State.Cr when octet == '\n':
                Emit("\r\n"u8, output);
                _line = 0;
                _state = State.LineStart;
                return 1;
            case State.Dot:
                // The dot was added by the sender: it is not part of the line.
                _state = State.InLine;
                return 0;
            case State.DotCr:
            case State.Cr:
                TakeBareLineEnd(output);
                _state = State.InLine;
                return 0;
            default:
                throw new InvalidOperationException($"No step in state {_state}.");
        }
    }

    private void Emit(ReadOnlySpan<byte> octets, IBufferWriter<byte> output)
    {
        _line += octets.Length;
        HasLongLine |= _line > maxLine;
        Length += octets.Length;
        if (!HasBareLineEnd && !HasLongLine)
        {
            output.Write(octets);
        }
    }
}
