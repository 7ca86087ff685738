namespace Relay.Wire.Mime;

/// <summary>Undoes format=flowed (RFC 3676), in which mail programs break the long lines of what a person pastes.</summary>
internal static class FlowedText
{
    /// <summary>Whether a part says that it is in this format.</summary>
    public static bool IsFlowed(ContentType type) =>
        type.Is("text", "plain") && type.Parameters.TryGetValue("format", out var format) && format.Equals("flowed", StringComparison.OrdinalIgnoreCase);

    /// <summary>The lines as they were written, each ended as it was; quoted lines stay as they are.</summary>
    /// <param name="octets">In a charset that has ASCII as it is.</param>
    /// <param name="type">Of the part; its DelSp says whether the blank before a soft line break is part of the text.</param>
    public static byte[] Unfold(ReadOnlySpan<byte> octets, ContentType type)
    {
        var deletesBlank = type.Parameters.TryGetValue("delsp", out var delSp) && delSp.Equals("yes", StringComparison.OrdinalIgnoreCase);
        var text = new byte[octets.Length];
        var length = 0;
        while (!octets.IsEmpty)
        {
            var end = octets.IndexOf((byte)'\n') + 1;
            var line = end == 0 ? octets : octets[..end];
            octets = octets[line.Length..];
            if (line[0] == ' ')
            {
                line = line[1..]; // RFC 3676 §4.4: stuffed, so that it begins neither with a blank nor like a quotation
            }

            var content = line.TrimEnd("\r\n"u8);

            // RFC 3676 §4.1: a blank at the end is a soft break; RFC 3676 §4.3: but for the separator of a signature.
            var isSoft = content.Length > 0 && content[^1] == ' ' && content[0] != '>' && !content.SequenceEqual("-- "u8);
            var kept = isSoft ? (deletesBlank ? content[..^1] : content) : line;
            kept.CopyTo(text.AsSpan(length));
            length += kept.Length;
        }

        return text[..length];
    }
}
