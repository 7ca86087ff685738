using System.Buffers;
using System.Text;

namespace Relay.Wire.Mime;

/// <summary>Writes mail: CRLF line ends, no line over 998 octets, and no way for a value to begin a field of its own.</summary>
/// <remarks>Writes into a rented array, which goes back when the writer is disposed.</remarks>
public sealed class MimeWriter : IDisposable
{
    // RFC 5322 §2.1.1: lines must stay within 998 octets and should stay within 78.
    private const int MaxLine = 998;
    private const int GoodLine = 78;

    private byte[] _buffer;
    private int _length;

    /// <summary>A writer with room for about so many octets; it grows as needed.</summary>
    public MimeWriter(int sizeHint = 1024) => _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, 256));

    /// <summary>A field, folded at spaces to lines of 78; characters beyond ASCII are written in UTF-8.</summary>
    /// <exception cref="ArgumentException">The name is no field name: names are the program's, never the peer's.</exception>
    public void Field(string name, string value) => Write(name, value, GoodLine, Encoding.UTF8);

    /// <summary>A field that is folded only where a line would pass 998 octets.</summary>
    public void LongField(string name, string value) => Write(name, value, MaxLine, Encoding.UTF8);

    /// <summary>A field whose characters are octets (Latin-1), as read from another mail; folded as <see cref="LongField"/> is.</summary>
    public void RawField(string name, string value) => Write(name, value, MaxLine, Encoding.Latin1);

    /// <summary>As the other, for ids of which each gets a line of its own where they are many.</summary>
    public void RawField(string name, IReadOnlyList<string> values) => Write(name, string.Join(' ', values), GoodLine, Encoding.Latin1);

    /// <summary>The line between header and body.</summary>
    public void EmptyLine() => Append("\r\n"u8);

    /// <summary>The line before each part of a multipart.</summary>
    public void Delimiter(string boundary)
    {
        Append("--"u8);
        AppendAscii(boundary);
        Append("\r\n"u8);
    }

    /// <summary>The line after the last part of a multipart.</summary>
    public void CloseDelimiter(string boundary)
    {
        Append("--"u8);
        AppendAscii(boundary);
        Append("--\r\n"u8);
    }

    /// <summary>A body in base64, in lines of 76 characters (RFC 2045 §6.8), with a line end after the last.</summary>
    public void Base64(ReadOnlySpan<byte> body)
    {
        const int OctetsPerLine = 57;
        Reserve(body.Length / 3 * 4 + body.Length / OctetsPerLine * 2 + 8);
        while (!body.IsEmpty)
        {
            var line = body[..Math.Min(OctetsPerLine, body.Length)];
            System.Buffers.Text.Base64.EncodeToUtf8(line, _buffer.AsSpan(_length), out _, out var written);
            _length += written;
            _buffer[_length++] = (byte)'\r';
            _buffer[_length++] = (byte)'\n';
            body = body[line.Length..];
        }
    }

    /// <summary>Octets as they are; the caller answers for their line ends.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        Reserve(octets.Length);
        octets.CopyTo(_buffer.AsSpan(_length));
        _length += octets.Length;
    }

    /// <summary>All that was written.</summary>
    public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private void AppendAscii(ReadOnlySpan<char> text)
    {
        Reserve(text.Length);
        _length += Encoding.Latin1.GetBytes(text, _buffer.AsSpan(_length));
    }

    private void Write(string name, string value, int goodLine, Encoding encoding)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExceptInRange('!', '~') || name.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("A field name is printable ASCII without a colon.", nameof(name));
        }

        // Whatever a peer put into an id or a subject, it stays inside this field.
        var text = HeaderText.Clean(value).AsSpan().Trim(" \t");
        AppendAscii(name);
        Append(": "u8);
        var column = name.Length + 2;
        if (column + text.Length <= goodLine && Ascii.IsValid(text))
        {
            AppendAscii(text);
        }
        else
        {
            const int Usual = 512;
            var length = encoding.GetByteCount(text);
            var octets = length <= Usual ? stackalloc byte[Usual] : new byte[length];
            Fold(octets[..encoding.GetBytes(text, octets)], column, goodLine);
        }

        Append("\r\n"u8);
    }

    // RFC 5322 §2.2.3: a line may be broken before a space. A token longer than a line can be is cut: better a short id than a
    // line that a server refuses.
    private void Fold(ReadOnlySpan<byte> value, int column, int goodLine)
    {
        while (!value.IsEmpty)
        {
            var word = Math.Max(0, value.IndexOfAnyExcept((byte)' '));
            var space = value[word..].IndexOf((byte)' ');
            var token = space < 0 ? value : value[..(word + space)];
            value = value[token.Length..];
            if (column + token.Length > goodLine && (token[0] == (byte)' ' || column + token.Length > MaxLine))
            {
                Append(token[0] == (byte)' ' ? "\r\n"u8 : "\r\n "u8);
                column = token[0] == (byte)' ' ? 0 : 1;
            }

            token = token[..Math.Min(token.Length, MaxLine - column)];
            Append(token);
            column += token.Length;
        }
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
