namespace Relay.Wire.Mime;

/// <summary>A line that divides the parts of a multipart.</summary>
/// <param name="ContentEnd">Where the content before it ends; the line end before the delimiter belongs to the delimiter.</param>
/// <param name="NextStart">Where the line after it starts.</param>
/// <param name="IsClose">Whether it is the last.</param>
internal readonly record struct MultipartDelimiter(int ContentEnd, int NextStart, bool IsClose)
{
    /// <summary>The next delimiter line at or after a position, or null.</summary>
    /// <param name="body">The multipart's body.</param>
    /// <param name="delimiter">Two hyphens and the boundary.</param>
    /// <param name="from">The start of a line.</param>
    public static MultipartDelimiter? Next(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter, int from)
    {
        while (from < body.Length)
        {
            var found = body[from..].IndexOf(delimiter);
            if (found < 0)
            {
                return null;
            }

            var start = from + found;
            from = start + delimiter.Length;
            if ((start == 0 || body[start - 1] == (byte)'\n') && Tail(body, from, out var isClose) is var next and >= 0)
            {
                return new MultipartDelimiter(WithoutLineEnd(body, start), next, isClose);
            }
        }

        return null;
    }

    /// <summary>Where the line after the delimiter starts; -1 when more than spaces follow on its line.</summary>
    // RFC 2046 §5.1.1: transport padding of spaces may follow a delimiter.
    private static int Tail(ReadOnlySpan<byte> body, int position, out bool isClose)
    {
        isClose = body[position..].StartsWith("--"u8);
        position += isClose ? 2 : 0;
        while (position < body.Length)
        {
            switch (body[position++])
            {
                case (byte)'\n':
                    return position;
                case (byte)' ' or (byte)'\t' or (byte)'\r':
                    break;
                default:
                    return -1;
            }
        }

        return body.Length;
    }

    private static int WithoutLineEnd(ReadOnlySpan<byte> body, int start)
    {
        var end = Math.Max(0, start - 1);
        return end > 0 && body[end - 1] == (byte)'\r' ? end - 1 : end;
    }
}
