using Relay.Store;
using Relay.Wire.Mime;

namespace Relay.Access;

/// <summary>
/// Authentication-Results of a server that the entry names (RFC 8601 §5): the mail comes from a client in the entry's networks, and the topmost
/// field with the named id, no deeper than what that client stamped, says <c>dmarc=pass</c> for From's domain, or <c>dkim=pass</c> for a domain
/// aligned with it.
/// </summary>
/// <remarks>
/// Anybody can write such a field. Only the topmost counts, whatever it says, so that one that came from outside never does where the named server
/// adds its own, as it must; that it removes those with its id (RFC 8601 §5) is the second wall. DKIM counts only with a signature over the whole
/// body and the fields that a request is read by.
/// </remarks>
internal static class ResultsProof
{
    private static readonly string[] MustBeSigned = ["from", "to", "message-id", "content-type"];

    /// <summary>Fields that take the place of a signed one where they are there: nobody may add them behind the signer's back.</summary>
    private static readonly string[] MustBeSignedIfThere = ["X-Message-ID", "Reply-To"];

    /// <summary>The client is one whose results are believed. By LMTP too: that is how a border server hands on what it has checked.</summary>
    public static bool IsTrusted(SubscriberEntry entry, MailOrigin origin) =>
        origin.Via is MailOrigin.Smtp or MailOrigin.Lmtp && NetworkProof.IsWithin(entry, origin);

    public static bool Holds(SubscriberEntry entry, MailEvidence mail) =>
        mail.HasAuthor && IsTrusted(entry, mail.Origin) && TopmostField(entry, mail.Headers) is { } field
        && field.Results.Any(result => IsAligned(result, mail));

    private static AuthenticationResults? TopmostField(SubscriberEntry entry, HeaderFields headers)
    {
        // From the top: our own stamp, the client's, and with a third begins what was there before the client had the mail.
        int stamps = 0;
        foreach (var field in headers)
        {
            if (field.Name.Equals("Received", StringComparison.OrdinalIgnoreCase) && ++stamps == 3)
            {
                return null;
            }

            if (field.Name.Equals("Authentication-Results", StringComparison.OrdinalIgnoreCase)
                && (!AuthenticationResults.TryParse(field.RawValue, out var results) || IsNamed(results, entry)))
            {
                return results; // one that cannot be read may be the server's own, so what is below it does not count
            }
        }

        return null;
    }

    private static bool IsNamed(AuthenticationResults field, SubscriberEntry entry) =>
        field.AuthservId.Equals(entry.AuthservId, StringComparison.OrdinalIgnoreCase);

    private static bool IsAligned(AuthenticationResult result, MailEvidence mail) => (result.Method, result.Result) switch
    {
        ("dmarc", "pass") => IsSame(result.Properties.GetValueOrDefault("header.from"), mail.Sender.Domain),
        ("dkim", "pass") => IsSignedByDomain(result.Properties, mail),
        _ => false, // SPF speaks of MAIL FROM, which nobody reads
    };

    private static bool IsSignedByDomain(IReadOnlyDictionary<string, string> properties, MailEvidence mail)
    {
        string? domain = properties.GetValueOrDefault("header.d") ?? DomainOf(properties.GetValueOrDefault("header.i"));
        string start = properties.GetValueOrDefault("header.b", "");
        if (domain is null || !IsOrIsAbove(domain, mail.Sender.Domain))
        {
            return false;
        }

        // All that may be the one that passed, not any: beside a real one that covers little, anybody can write one that would cover all.
        var candidates = mail.Headers.All("DKIM-Signature")
            .Select(field => DkimSignature.Parse(field.RawValue))
            .Where(signature => IsOrIsAbove(signature.Domain, domain) && signature.Signature.StartsWith(start, StringComparison.Ordinal))
            .ToList();
        return candidates.Count > 0 && candidates.TrueForAll(signature =>
            signature.CoversWholeBody
            && Array.TrueForAll(MustBeSigned, signature.Fields.Contains)
            && Array.TrueForAll(MustBeSignedIfThere, name => IsSignedIfThere(mail, signature, name)));
    }

    // Two of a name, one of them signed: DKIM means the lower (RFC 6376 §5.4.2), a reader the upper.
    private static bool IsSignedIfThere(MailEvidence mail, DkimSignature signature, string name) => mail.Headers.CountOf(name) switch
    {
        0 => true,
        1 => signature.Fields.Contains(name.ToLowerInvariant()),
        _ => false,
    };

    private static string? DomainOf(string? identity) => identity?[(identity.LastIndexOf('@') + 1)..];

    // RFC 9989 asks for the organisation's domain, which takes DNS; a parent of From's domain with a dot in it is as near as one comes without.
    private static bool IsOrIsAbove(string domain, string other) =>
        IsSame(domain, other)
        || (domain.Contains('.', StringComparison.Ordinal) && other.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));

    private static bool IsSame(string? one, string other) => other.Length > 0 && other.Equals(one, StringComparison.OrdinalIgnoreCase);
}
