using System.Buffers;

namespace Relay.Wire.Smtp;

/// <summary>
/// Makes every line end CRLF, in pieces: a LF without CR, a CR without LF and CRLF are one line end each. For stored mail, whose writers end
/// lines as their system does, and for senders that somebody decided to be lenient with.
/// </summary>
public sealed class LineEndConverter
{
    private bool _isAfterCr;

    /// <summary>Reads on; a CR at the end of the input is written with what follows it.</summary>
    public void Convert(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (!input.IsEmpty)
        {
            if (_isAfterCr)
            {
                _isAfterCr = false;
                output.Write("\r\n"u8);
                input = input[0] == '\n' ? input[1..] : input;
                continue;
            }

            var end = input.IndexOfAny((byte)'\r', (byte)'\n');
            output.Write(end < 0 ? input : input[..end]);
            if (end < 0)
            {
                return;
            }

            _isAfterCr = input[end] == '\r';
            if (!_isAfterCr)
            {
                output.Write("\r\n"u8);
            }

            input = input[(end + 1)..];
        }
    }

    /// <summary>Nothing follows: a CR at the very end was a line end too.</summary>
    public void End(IBufferWriter<byte> output)
    {
        if (_isAfterCr)
        {
            output.Write("\r\n"u8);
        }

        _isAfterCr = false;
    }
}
