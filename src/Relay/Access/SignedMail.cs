using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Relay.Wire.Mime;

namespace Relay.Access;

/// <summary>An S/MIME signature around the whole of a mail, and what it covers (RFC 8551 §3.5).</summary>
/// <param name="Cms">Read, not checked.</param>
/// <param name="Content">The signed part.</param>
/// <param name="Digest">Names this signature.</param>
internal sealed record SignedMail(SignedCms Cms, MimeEntity Content, string Digest)
{
    /// <summary>multipart/signed with its signature beside it, or application/pkcs7-mime around it; null where the mail is neither.</summary>
    public static SignedMail? Open(MimeEntity? root, MimeLimits limits)
    {
        try
        {
            return root is null ? null
                : root.ContentType.Is("multipart", "signed") ? Detached(root, limits)
                : IsPkcs7(root.ContentType, "mime") ? Enveloping(root, limits)
                : null;
        }
        catch (CryptographicException)
        {
            return null; // no signature, then, whatever its type says
        }
    }

    // RFC 1847 §2.1: two parts, the content as it stands in the mail and the signature.
    private static SignedMail? Detached(MimeEntity root, MimeLimits limits)
    {
        if (root.Parts is not [var content, var signature] || !IsPkcs7(signature.ContentType, "signature")
            || signature.Decode(limits) is not MimeDecodeResult.Decoded(var octets))
        {
            return null;
        }

        var cms = new SignedCms(new ContentInfo(content.Raw.ToArray()), detached: true);
        cms.Decode(octets.Span);
        return new SignedMail(cms, content, DigestOf(cms));
    }

    private static SignedMail? Enveloping(MimeEntity root, MimeLimits limits)
    {
        if (root.Decode(limits) is not MimeDecodeResult.Decoded(var octets))
        {
            return null;
        }

        var cms = new SignedCms();
        cms.Decode(octets.Span);
        return MimeReader.Read(cms.ContentInfo.Content, limits) is MimeReadResult.Read(var content)
            ? new SignedMail(cms, content, DigestOf(cms))
            : null;
    }

    // RFC 8551 §3.2: programs of old write x-pkcs7.
    private static bool IsPkcs7(ContentType type, string kind) => type.Is("application", $"pkcs7-{kind}") || type.Is("application", $"x-pkcs7-{kind}");

    private static string DigestOf(SignedCms cms) =>
        cms.SignerInfos.Count == 0 ? "" : $"signature {Convert.ToHexStringLower(SHA256.HashData(cms.SignerInfos[0].GetSignature()))}";
}
