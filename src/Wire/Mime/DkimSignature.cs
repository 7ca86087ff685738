namespace Relay.Wire.Mime;

/// <summary>What a DKIM-Signature field says that it covers (RFC 6376 §3.5). Whether it is valid is not looked at here.</summary>
/// <param name="Domain">d=: who signed.</param>
/// <param name="Fields">h=: names of the signed fields, in lower case.</param>
/// <param name="CoversWholeBody">There is no l=, which leaves the end of the body to anybody (RFC 6376 §8.2).</param>
/// <param name="Signature">b= without white space.</param>
public sealed record DkimSignature(string Domain, IReadOnlySet<string> Fields, bool CoversWholeBody, string Signature)
{
    /// <summary>Reads the tag list (RFC 6376 §3.2); what is not given is empty.</summary>
    /// <param name="value">The field's value, folded or not.</param>
    public static DkimSignature Parse(string value)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in HeaderText.Unfold(value).Split(';'))
        {
            var equals = tag.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                tags.TryAdd(tag[..equals].Trim(), string.Concat(tag[(equals + 1)..].Where(c => !char.IsWhiteSpace(c))));
            }
        }

        return new DkimSignature(
            tags.GetValueOrDefault("d", ""),
            tags.GetValueOrDefault("h", "").ToLowerInvariant().Split(':').ToHashSet(StringComparer.Ordinal),
            !tags.ContainsKey("l"),
            tags.GetValueOrDefault("b", ""));
    }
}
