using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>The parts that an envelope may refer to, and how much of them may still be put into it.</summary>
internal sealed class PackageParts
{
    private readonly Dictionary<string, MimeEntity> _parts;
    private readonly Dictionary<MimeEntity, MimeDecodeResult> _decoded = [];
    private readonly MimeLimits _limits;
    private long _left;

    /// <param name="attachments">Of two with one Content-ID the first counts.</param>
    /// <param name="limits"><see cref="MimeLimits.MaxDecodedBytes"/> counts for all content together: one part may be referred to often.</param>
    public PackageParts(IReadOnlyList<MimeEntity> attachments, MimeLimits limits)
    {
        (_limits, _left) = (limits, limits.MaxDecodedBytes);
        _parts = attachments.Where(part => part.ContentId is not null)
            .GroupBy(part => part.ContentId!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
    }

    /// <summary>The content that a <c>cid:</c> URL names (RFC 2392 §2), or why there is none.</summary>
    /// <param name="url">Any URL; nothing but parts of the mail is ever read.</param>
    /// <param name="referrer">What refers to it, at the beginning of a sentence.</param>
    /// <param name="part">The part, where there is one.</param>
    /// <param name="octets">Its content, transfer encoding undone.</param>
    public SoapFault? Take(string url, string referrer, out MimeEntity? part, out ReadOnlyMemory<byte> octets)
    {
        (part, octets) = (null, default);
        if (ContentIdUrl.IdOf(url) is not { } id)
        {
            return SoapFaults.Client($"{referrer} refers to something that is no part of the mail.");
        }

        if (!_parts.TryGetValue(id, out part))
        {
            return SoapFaults.Client($"{referrer} refers to a part that is not in the mail.");
        }

        if (Decode(part) is not MimeDecodeResult.Decoded(var decoded) || (_left -= decoded.Length) < 0)
        {
            return SoapFaults.Client($"A part that {char.ToLowerInvariant(referrer[0])}{referrer[1..]} refers to cannot be read or is too large.");
        }

        octets = decoded;
        return null;
    }

    /// <summary>A part's content as text; characters that XML has no place for are left out.</summary>
    public static string TextOf(MimeEntity part, ReadOnlyMemory<byte> octets) =>
        new([.. Charsets.DecodeLoosely(octets.Span, part.ContentType.Charset ?? "utf-8").Where(IsXml)]);

    private static bool IsXml(char c) => c is '\t' or '\r' or '\n' or (>= ' ' and not '\uFFFE' and not '\uFFFF' and not '\uFEFF');

    // Once: megabytes of blanks in base64 decode to nothing, however often they are referred to.
    private MimeDecodeResult Decode(MimeEntity part) =>
        _decoded.TryGetValue(part, out var known) ? known : _decoded[part] = part.Decode(_limits);
}
