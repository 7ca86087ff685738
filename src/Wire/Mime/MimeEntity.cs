using System.Text;

namespace Relay.Wire.Mime;

/// <summary>A mail or one of its parts: header, body, and of a multipart the parts. Holds slices of the mail it was read from.</summary>
public sealed class MimeEntity
{
    private ContentType? _contentType;

    internal MimeEntity(
        HeaderFields headers, ReadOnlyMemory<byte> raw, int bodyStart, IReadOnlyList<MimeEntity> parts, ContentType? contentType)
    {
        Headers = headers;
        Raw = raw;
        RawBody = raw[bodyStart..];
        Parts = parts;
        _contentType = contentType;
    }

    /// <summary>The fields of this mail or part.</summary>
    public HeaderFields Headers { get; }

    /// <summary>The media type; text/plain where none is given.</summary>
    public ContentType ContentType => _contentType ??= ContentType.Of(Headers);

    /// <summary>How the body is encoded; of two fields the first counts.</summary>
    public TransferEncoding TransferEncoding => TransferEncodings.Parse(Headers.Octets("Content-Transfer-Encoding"));

    /// <summary>Header and body as they stand in the mail: what a signature over a part covers (RFC 1847 §2.1).</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The body as it stands in the mail.</summary>
    public ReadOnlyMemory<byte> RawBody { get; }

    /// <summary>The parts of a multipart; empty otherwise.</summary>
    public IReadOnlyList<MimeEntity> Parts { get; }

    /// <summary>The Content-ID without its angle brackets (RFC 2392 §2 compares it so), or null.</summary>
    public string? ContentId => Headers.Text("Content-ID")?.Trim().TrimStart('<').TrimEnd('>');

    /// <summary>The mail with this part as all that it holds: what lies outside of a signature must not be read beside what lies inside.</summary>
    public MimeEntity WithOnly(MimeEntity part) =>
        new(Headers, Raw, Raw.Length - RawBody.Length, [part], new ContentType("multipart", "signed", MimeParameters.None));

    /// <summary>Undoes the transfer encoding. A multipart's is ignored, since none but the identity is legal there (RFC 2045 §6.4).</summary>
    public MimeDecodeResult Decode(MimeLimits limits)
    {
        if (ContentType.IsMultipart && Parts.Count > 0)
        {
            return new MimeDecodeResult.Decoded(RawBody);
        }

        return TransferEncoding switch
        {
            TransferEncoding.Base64 => Base64Body.Decode(RawBody.Span, limits),
            TransferEncoding.QuotedPrintable => QuotedPrintableBody.Decode(RawBody.Span, limits),
            _ when RawBody.Length > limits.MaxDecodedBytes => TransferEncodings.TooLarge,
            _ => new MimeDecodeResult.Decoded(RawBody),
        };
    }

    /// <summary>The decoded body as text for people to read: faults become replacement characters.</summary>
    public string DecodeText(MimeLimits limits) =>
        Decode(limits) is MimeDecodeResult.Decoded(var octets)
            ? Charsets.DecodeLoosely(octets.Span, ContentType.Charset ?? "utf-8")
            : Encoding.Latin1.GetString(RawBody.Span);
}
