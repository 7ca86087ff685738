namespace Relay.Wire.Mime;

/// <summary>Reads a mail into its part tree. Bodies are slices of the mail; nothing is copied.</summary>
public static class MimeReader
{
    // RFC 5322 §3.6: fields that stand once. Programs that take the first and programs that take the last would see two mails,
    // so two that differ are refused (RFC 7103 §7.5.1).
    private static readonly string[] Single = ["From", "Message-ID", "Content-Type"];

    /// <summary>Reads a whole mail, header and body; lines may end in CRLF or LF.</summary>
    public static MimeReadResult Read(ReadOnlyMemory<byte> mail, MimeLimits limits)
    {
        var header = HeaderReader.Read(mail, limits);
        if (header is not HeaderReadResult.Read(var fields, var length))
        {
            return new MimeReadResult.Refused(((HeaderReadResult.Refused)header).Fault, header.Headers);
        }

        if (RepeatedField(fields) is { } repeated)
        {
            return new MimeReadResult.Refused(repeated, fields);
        }

        if (!MimePartWalk.IsMultipart(fields))
        {
            return new MimeReadResult.Read(new MimeEntity(fields, mail, length, [], null));
        }

        var walk = new MimePartWalk(limits);
        var root = walk.Entity(fields, mail, length, depth: 0);
        return walk.Fault is { } fault ? new MimeReadResult.Refused(fault, fields) : new MimeReadResult.Read(root);
    }

    /// <summary>Reads a header block alone, as a server does before it has the body.</summary>
    public static HeaderReadResult ReadHeader(ReadOnlySpan<byte> headerBlock, MimeLimits limits) =>
        HeaderReader.Read(headerBlock.ToArray(), limits);

    private static MimeFault? RepeatedField(HeaderFields fields)
    {
        foreach (var name in Single)
        {
            if (fields.CountOf(name) > 1 && fields.All(name).Select(field => field.Unfolded).Distinct().Skip(1).Any())
            {
                return new MimeFault(MimeFaultKind.RepeatedField, $"The mail has several {name} fields that differ.");
            }
        }

        return null;
    }
}
