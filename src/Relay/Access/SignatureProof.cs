using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Relay.Access;

/// <summary>
/// An S/MIME signature by a certificate that the entry names, or that an authority of the entry issued for the sender's address
/// (RFC 8550 §3). The signing time must be recent: a signed mail can be sent again by whoever has it.
/// </summary>
internal static class SignatureProof
{
    // SHA-256, SHA-384, SHA-512; signatures over anything weaker can be moved to another content.
    private static readonly string[] Digests = ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";

    public static bool Holds(SubscriberEntry entry, MailEvidence mail, SignedMail signed) =>
        mail.HasAuthor && signed.Cms.SignerInfos is [var signer] && signer.Certificate is { } certificate
        && Digests.Contains(signer.DigestAlgorithm.Value) && IsRecent(signer, entry.ProofWindow, mail.ReceivedAt)
        && IsIntact(signer) && IsFit(certificate, mail.ReceivedAt)
        && IsKnown(entry, certificate, signed.Cms.Certificates, mail);

    private static bool IsIntact(SignerInfo signer)
    {
        try
        {
            signer.CheckSignature(verifySignatureOnly: true);
            return true;
        }
        catch (CryptographicException)
        {
            return false; // that is how the library says no
        }
    }

    private static bool IsRecent(SignerInfo signer, TimeSpan window, DateTimeOffset receivedAt)
    {
        foreach (var attribute in signer.SignedAttributes)
        {
            if (attribute.Values is [Pkcs9SigningTime { SigningTime: var time }])
            {
                var signedAt = new DateTimeOffset(time.ToUniversalTime());
                return signedAt >= receivedAt - window && signedAt <= receivedAt + TokenProof.Skew;
            }
        }

        return false;
    }

    private static bool IsFit(X509Certificate2 certificate, DateTimeOffset at)
    {
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages;
        return certificate.NotBefore.ToUniversalTime() <= at.UtcDateTime && at.UtcDateTime <= certificate.NotAfter.ToUniversalTime()
            && (usage is null || (usage & (X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation)) != 0);
    }

    // RFC 8550 §3: where the certificate names addresses, From is one of them. An authority's certificate that names none proves no address.
    private static bool IsKnown(SubscriberEntry entry, X509Certificate2 certificate, X509Certificate2Collection others, MailEvidence mail)
    {
        var addresses = CertificateAddresses.Of(certificate);
        bool isSender = addresses.Any(address => address.IsSameMailbox(mail.Sender));
        return entry.Certificates.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256))
            ? isSender || addresses.Count == 0
            : isSender && IsIssued(entry, certificate, others, mail.ReceivedAt);
    }

    private static bool IsIssued(SubscriberEntry entry, X509Certificate2 certificate, X509Certificate2Collection others, DateTimeOffset at)
    {
        if (entry.Authorities.Count == 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(entry.Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(others);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(EmailProtection));
        chain.ChainPolicy.VerificationTime = at.LocalDateTime;
        // A mail must not make us fetch what it names.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
