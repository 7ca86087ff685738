using System.Buffers;

namespace Relay.Wire.Mime;

/// <summary>Cuts a header block into fields (RFC 5322 §2.2), with the faults that mail shows.</summary>
internal static class HeaderReader
{
    private static readonly MimeFault TooLong = new(MimeFaultKind.HeaderTooLong, "The header is too long.");
    private static readonly MimeFault TooMany = new(MimeFaultKind.TooManyFields, "The header has too many fields.");
    private static readonly MimeFault BadLine =
        new(MimeFaultKind.BadHeader, "The header has a line that is neither a field nor the continuation of one.");
    private static readonly MimeFault Nul = new(MimeFaultKind.BadHeader, "The header has a NUL character.");

    // RFC 5322 §2.2: a name is printable ASCII without a colon.
    private static readonly SearchValues<byte> NameEnds =
        SearchValues.Create([.. Enumerable.Range(0, 256).Where(octet => octet is ':' or < 33 or > 126).Select(octet => (byte)octet)]);

    /// <summary>Reads from the start of a mail or part up to and with the empty line.</summary>
    public static HeaderReadResult Read(ReadOnlyMemory<byte> entity, MimeLimits limits)
    {
        var text = entity.Span;
        Span<HeaderSpan> few = stackalloc HeaderSpan[16];
        var spans = new SpanList(few);
        var position = SkipMboxLine(text);
        var fault = default(MimeFault);
        while (position < text.Length)
        {
            var length = LineLength(text[position..], out var content);
            var line = text.Slice(position, content);
            if (position + length > limits.MaxHeaderBytes)
            {
                fault = TooLong;
                break;
            }

            if (content == 0)
            {
                position += length;
                break;
            }

            fault = AddLine(line, position, limits, ref spans, out var isBody);
            if (isBody || fault is not null)
            {
                break;
            }

            position += length;
        }

        if (text[..position].IndexOf((byte)0) is var nul and >= 0)
        {
            fault = Nul;
            position = nul;
            spans.CutAt(nul);
        }

        var fields = spans.Count == 0 ? HeaderFields.Empty : new HeaderFields(entity[..position], spans.ToArray());
        return fault is null ? new HeaderReadResult.Read(fields, position) : new HeaderReadResult.Refused(fields, fault);
    }

    private static MimeFault? AddLine(ReadOnlySpan<byte> line, int position, MimeLimits limits, ref SpanList spans, out bool isBody)
    {
        isBody = false;
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            // A line of spaces before any field is an empty line in disguise (RFC 7103 §7.3).
            isBody = spans.Count == 0;
            spans.Extend(position + line.Length);
            return null;
        }

        if (NameLength(line, out var colon) is var name and > 0)
        {
            if (spans.Count == limits.MaxFields)
            {
                return TooMany;
            }

            spans.Add(new HeaderSpan(position, name, position + colon + 1, line.Length - colon - 1));
            return null;
        }

        // RFC 7103 §7.2: a mail that is nothing but an envelope has no header; ">From " is what mbox makes of a line that was never a field.
        isBody = (spans.Count == 0 || line[0] == (byte)'<') && !line.Contains((byte)0);
        return isBody || line.StartsWith(">From "u8) ? null : line.Contains((byte)0) ? Nul : BadLine;
    }

    /// <summary>The length of the field's name, 0 when this is no field.</summary>
    // RFC 5322 §4.5.8: the obsolete syntax allows spaces before the colon.
    private static int NameLength(ReadOnlySpan<byte> line, out int colon)
    {
        var length = Math.Max(0, line.IndexOfAny(NameEnds));
        colon = length + Math.Max(0, line[length..].IndexOfAnyExcept((byte)' ', (byte)'\t'));
        return line[colon] == (byte)':' ? length : 0;
    }

    // The line that mbox files and some delivery pipes put before the header.
    private static int SkipMboxLine(ReadOnlySpan<byte> text) => text.StartsWith("From "u8) ? LineLength(text, out _) : 0;

    // RFC 7103 §6: a stored mail may end its lines with a bare LF; on the wire SMTP has refused those before.
    private static int LineLength(ReadOnlySpan<byte> text, out int content)
    {
        var end = text.IndexOf((byte)'\n');
        content = end < 0 ? text.Length : end;
        var length = end < 0 ? text.Length : end + 1;
        if (content > 0 && text[content - 1] == (byte)'\r')
        {
            content--;
        }

        return length;
    }

    /// <summary>Collects spans on the stack while they are few.</summary>
    private ref struct SpanList(Span<HeaderSpan> few)
    {
        private Span<HeaderSpan> _items = few;

        public int Count { get; private set; }

        public void Add(HeaderSpan span)
        {
            if (Count == _items.Length)
            {
                var more = new HeaderSpan[_items.Length * 2];
                _items.CopyTo(more);
                _items = more;
            }

            _items[Count++] = span;
        }

        public readonly void Extend(int end)
        {
            if (Count > 0)
            {
                ref var last = ref _items[Count - 1];
                last = last with { ValueLength = end - last.ValueStart };
            }
        }

        public void CutAt(int end)
        {
            while (Count > 0 && _items[Count - 1].ValueStart + _items[Count - 1].ValueLength > end)
            {
                Count--;
            }
        }

        public readonly HeaderSpan[] ToArray() => _items[..Count].ToArray();
    }
}
