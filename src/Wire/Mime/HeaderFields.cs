using System.Collections;
using System.Text;

namespace Relay.Wire.Mime;

/// <summary>The fields of one header in their order. Names are compared ignoring case (RFC 5322 §1.2.2).</summary>
/// <remarks>Holds the header block it was read from and makes strings only for what is asked for.</remarks>
public sealed class HeaderFields : IReadOnlyList<HeaderField>
{
    private readonly ReadOnlyMemory<byte> _block;
    private readonly HeaderSpan[] _spans;

    internal HeaderFields(ReadOnlyMemory<byte> block, HeaderSpan[] spans) => (_block, _spans) = (block, spans);

    /// <summary>A header without fields.</summary>
    public static HeaderFields Empty { get; } = new(default, []);

    /// <inheritdoc/>
    public int Count => _spans.Length;

    /// <inheritdoc/>
    public HeaderField this[int index] => new(
        Encoding.Latin1.GetString(_block.Span.Slice(_spans[index].NameStart, _spans[index].NameLength)),
        Encoding.Latin1.GetString(Value(index)));

    /// <summary>Every field of this name, in order.</summary>
    public IEnumerable<HeaderField> All(string name)
    {
        for (var i = IndexOf(name, 0); i >= 0; i = IndexOf(name, i + 1))
        {
            yield return this[i];
        }
    }

    /// <summary>How often the field stands.</summary>
    public int CountOf(string name)
    {
        var count = 0;
        for (var i = IndexOf(name, 0); i >= 0; i = IndexOf(name, i + 1))
        {
            count++;
        }

        return count;
    }

    /// <summary>The first field's value on one line, trimmed, octets as Latin-1 characters; null when absent.</summary>
    public string? Text(string name) => Text(name, " \t\r\n"u8);

    /// <summary>As the other, with other octets than spaces trimmed.</summary>
    internal string? Text(string name, ReadOnlySpan<byte> trimmed)
    {
        var index = IndexOf(name, 0);
        if (index < 0)
        {
            return null;
        }

        var value = Value(index).Trim(trimmed);
        var text = Encoding.Latin1.GetString(value);
        return value.ContainsAny((byte)'\r', (byte)'\n') ? HeaderText.Unfold(text) : text;
    }

    /// <inheritdoc/>
    public IEnumerator<HeaderField> GetEnumerator()
    {
        for (var i = 0; i < _spans.Length; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The octets after the colon of the first such field; empty when absent.</summary>
    internal ReadOnlySpan<byte> Octets(string name) => IndexOf(name, 0) is var index and >= 0 ? Value(index) : default;

    private ReadOnlySpan<byte> Value(int index) => _block.Span.Slice(_spans[index].ValueStart, _spans[index].ValueLength);

    private int IndexOf(string name, int from)
    {
        var block = _block.Span;
        var first = name[0] | 0x20;
        for (var i = from; i < _spans.Length; i++)
        {
            // Most fields of the right length fail at the first letter, which is looked at without a call.
            if (_spans[i].NameLength == name.Length
                && (block[_spans[i].NameStart] | 0x20) == first
                && Ascii.EqualsIgnoreCase(block.Slice(_spans[i].NameStart, name.Length), name))
            {
                return i;
            }
        }

        return -1;
    }
}
