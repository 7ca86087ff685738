using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Relay.Tests.Access;

/// <summary>Makes certificates and signs mails with them, as a subscriber's mail program would.</summary>
internal sealed class Signer : IDisposable
{
    private Signer(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }

    /// <summary>The same certificate, used in another way.</summary>
    public Signer With(DateTimeOffset? signsAt = null, HashAlgorithmName? hash = null, bool tellsTime = true) =>
        new(Certificate) { SignsAt = signsAt ?? SignsAt, Hash = hash ?? Hash, TellsTime = tellsTime };

    public string Thumbprint => Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    public DateTimeOffset SignsAt { get; init; } = ProofStage.Now;

    public bool TellsTime { get; init; } = true;

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    public static Signer Authority(string name = "Branch CA") =>
        Make($"CN={name}", null, request => request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true)));

    public Signer Issue(string? address = "app@branch.example", string? subjectAddress = null, bool forMail = true, int days = 300) => Make(
        subjectAddress is null ? "CN=app" : $"CN=app, E={subjectAddress}",
        Certificate,
        request =>
        {
            if (address is not null)
            {
                var names = new SubjectAlternativeNameBuilder();
                names.AddDnsName("branch.example");
                names.AddEmailAddress(address);
                request.CertificateExtensions.Add(names.Build());
            }

            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(forMail ? "1.3.6.1.5.5.7.3.4" : "1.3.6.1.5.5.7.3.1")], true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        },
        days);

    /// <summary>multipart/signed; <paramref name="tamper"/> changes the content once it is signed, <paramref name="beside"/> is put into the multipart before it.</summary>
    public string Detached(string part, string from = "app@branch.example", Func<string, string>? tamper = null, string beside = "")
    {
        string content = part.ReplaceLineEndings("\r\n");
        string signature = Convert.ToBase64String(Sign(content, detached: true), Base64FormattingOptions.InsertLineBreaks);
        return $"From: {from}\nMessage-ID: <1@branch.example>\nMIME-Version: 1.0\n"
            + "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b\n\nnote\n"
            + $"{beside}--b\n{(tamper is null ? content : tamper(content))}\n--b\n"
            + $"Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\n{signature}\n--b--\n";
    }

    public string Enveloping(string part) =>
        "From: app@branch.example\nMessage-ID: <1@branch.example>\nMIME-Version: 1.0\n"
        + "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
        + Convert.ToBase64String(Sign(part.ReplaceLineEndings("\r\n"), detached: false), Base64FormattingOptions.InsertLineBreaks) + "\n";

    public void Dispose() => Certificate.Dispose();

    private byte[] Sign(string content, bool detached)
    {
        var cms = new SignedCms(new ContentInfo(Encoding.UTF8.GetBytes(content)), detached);
        var signer = new CmsSigner(Certificate) { IncludeOption = X509IncludeOption.EndCertOnly, DigestAlgorithm = OidOf(Hash) };
        if (TellsTime)
        {
            signer.SignedAttributes.Add(new Pkcs9SigningTime(SignsAt.UtcDateTime));
        }

        cms.ComputeSignature(signer);
        return cms.Encode();
    }

    private static Oid OidOf(HashAlgorithmName hash) => new(hash.Name switch
    {
        "SHA256" => "2.16.840.1.101.3.4.2.1",
        "SHA512" => "2.16.840.1.101.3.4.2.3",
        _ => "1.3.14.3.2.26",
    });

    private static Signer Make(string subject, X509Certificate2? issuer, Action<CertificateRequest> extend, int days = 300)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        extend(request);
        var from = ProofStage.Now.AddDays(-400);
        using var certificate = issuer is null
            ? request.CreateSelfSigned(from, from.AddDays(4000))
            : request.Create(issuer, from.AddDays(1), ProofStage.Now.AddDays(days), RandomNumberGenerator.GetBytes(8));
        using var whole = certificate.HasPrivateKey ? null : certificate.CopyWithPrivateKey(key);
        return new Signer(X509CertificateLoader.LoadPkcs12((whole ?? certificate).Export(X509ContentType.Pkcs12), null));
    }
}
