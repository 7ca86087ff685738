using System.Text;

namespace Relay.Wire.Mime;

/// <summary>Cuts multiparts into parts (RFC 2046 §5.1.1) and counts what it makes, so that a hostile mail is left early.</summary>
internal sealed class MimePartWalk(MimeLimits limits)
{
    // RFC 2046 §5.1.1: a boundary has 1 to 70 characters. Longer ones are in the field; this bounds the search for them.
    private const int MaxBoundary = 200;

    private static readonly MimeFault TooDeep = new(MimeFaultKind.TooDeep, "The parts of the mail are nested too deeply.");
    private static readonly MimeFault TooMany = new(MimeFaultKind.TooManyParts, "The mail has too many parts.");

    private int _parts;

    /// <summary>The first fault met; once it is set, what is returned is not to be used.</summary>
    public MimeFault? Fault { get; private set; }

    /// <summary>Whether the type is multipart. Most mails have a single part and are asked for their type later, if at all.</summary>
    public static bool IsMultipart(HeaderFields headers)
    {
        var value = headers.Octets("Content-Type").TrimStart(" \t\r\n"u8);
        return Ascii.EqualsIgnoreCase(value.IndexOfAny("/ ;"u8) is var slash and >= 0 ? value[..slash] : value, "multipart"u8);
    }

    /// <summary>Makes the entity of this header and body. Mails inside the mail stay closed.</summary>
    /// <param name="headers">The entity's own fields.</param>
    /// <param name="raw">All that belongs to it, header and body.</param>
    /// <param name="bodyStart">Where in it the body begins.</param>
    /// <param name="depth">How many multiparts it stands in.</param>
    public MimeEntity Entity(HeaderFields headers, ReadOnlyMemory<byte> raw, int bodyStart, int depth)
    {
        if (!IsMultipart(headers))
        {
            return new MimeEntity(headers, raw, bodyStart, [], null);
        }

        var type = ContentType.Of(headers);
        if (type.Boundary is not { Length: > 0 and <= MaxBoundary } boundary)
        {
            return new MimeEntity(headers, raw, bodyStart, [], type);
        }

        if (depth >= limits.MaxDepth)
        {
            Fault ??= TooDeep;
            return new MimeEntity(headers, raw, bodyStart, [], type);
        }

        return new MimeEntity(
            headers, raw, bodyStart, Parts(raw[bodyStart..], Encoding.Latin1.GetBytes("--" + boundary.TrimEnd()), depth), type);
    }

    private List<MimeEntity> Parts(ReadOnlyMemory<byte> body, byte[] delimiter, int depth)
    {
        var parts = new List<MimeEntity>();
        var start = -1;
        var position = 0;
        while (Fault is null && MultipartDelimiter.Next(body.Span, delimiter, position) is { } found)
        {
            if (start >= 0)
            {
                Add(parts, body[start..Math.Max(start, found.ContentEnd)], depth);
            }

            start = found.IsClose ? -1 : found.NextStart;
            position = found.NextStart;
            if (found.IsClose)
            {
                break;
            }
        }

        // A mail that was cut, or whose writer forgot the closing delimiter, still has its last part.
        if (start >= 0 && Fault is null)
        {
            Add(parts, body[start..], depth);
        }

        return parts;
    }

    private void Add(List<MimeEntity> parts, ReadOnlyMemory<byte> part, int depth)
    {
        if (++_parts > limits.MaxParts)
        {
            Fault ??= TooMany;
            return;
        }

        switch (HeaderReader.Read(part, limits))
        {
            case HeaderReadResult.Refused(_, var fault):
                Fault ??= fault;
                break;
            case HeaderReadResult.Read(var fields, var length):
                parts.Add(Entity(fields, part, length, depth + 1));
                break;
        }
    }
}
