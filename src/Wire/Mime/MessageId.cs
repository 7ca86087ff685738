namespace Relay.Wire.Mime;

/// <summary>Message-IDs: ours are made well-formed, others' are kept as they are.</summary>
public static class MessageId
{
    /// <summary>A bracketed id; the caller's part must be unique for this host, for ever (RFC 5322 §3.6.4).</summary>
    public static string Create(string uniquePart, string host) => "<" + uniquePart + "@" + host + ">";

    /// <summary>The Message-ID field's value on one line, brackets and all, octets as Latin-1 characters; null when absent or empty.</summary>
    public static string? RawOf(HeaderFields fields) => RawOf(fields, "Message-ID");

    /// <summary>As <see cref="RawOf(HeaderFields)"/> for another field that holds an id.</summary>
    public static string? RawOf(HeaderFields fields, string name) => fields.Text(name) is { Length: > 0 } raw ? raw : null;

    /// <summary>Whether an answer can refer to it octet for octet: In-Reply-To with it is a line of its own (RFC 5322 §2.1.1).</summary>
    public static bool FitsField(string raw) => raw.Length <= 980;

    /// <summary>Whether a reply line can tell it, beside the words before it (RFC 5321 §4.5.3.1.5: 512 octets).</summary>
    public static bool FitsReply(string raw) => Normalize(raw) is { Length: <= 400 } id && id.All(c => c is >= ' ' and <= '~');

    /// <summary>The id without surrounding spaces and brackets, by which two spellings of one id are found to be one.</summary>
    // RFC 5322 §3.6.4: the angle brackets are not part of the id, and ids are compared octet by octet.
    public static string Normalize(string raw)
    {
        var id = raw.AsSpan().Trim();
        return id is ['<', .., '>'] ? id[1..^1].Trim().ToString() : id.ToString();
    }

    /// <summary>The ids of In-Reply-To or References: bracketed ones, and words without brackets as some clients write them.</summary>
    /// <param name="value">An unfolded value; null for an absent field.</param>
    public static IReadOnlyList<string> ParseList(string? value)
    {
        var ids = new List<string>();
        var scanner = new HeaderScanner(value ?? "");
        while (true)
        {
            scanner.SkipComments();
            var rest = scanner.Rest;
            if (rest.IsEmpty)
            {
                return ids;
            }

            var end = rest[0] == '<' ? rest.IndexOf('>') + 1 : rest.IndexOfAny(" \t,<");
            var id = end <= 0 ? rest : rest[..end];
            scanner.Skip(id.Length);
            if (id is not [','])
            {
                ids.Add(id.Trim(',').ToString());
            }
            else if (id.IsEmpty)
            {
                scanner.Skip(1);
            }
        }
    }
}
