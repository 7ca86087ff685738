using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Relay.Settings;

/// <summary>Where a certificate lies, with its key and, behind it, those between it and its authority. What the file is its content says, not its name.</summary>
/// <param name="Path">PEM (RFC 7468), or PFX (PKCS #12, RFC 7292).</param>
/// <param name="KeyPath">The key, where it is not in the same PEM file.</param>
/// <param name="Password">Of the key or the PFX file.</param>
internal sealed record CertificateFiles(string Path, string? KeyPath, string? Password)
{
    /// <summary>The certificate with its key, and whatever other certificates lie beside it.</summary>
    /// <exception cref="CryptographicException">They are none, or the key is another's.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public LoadedCertificate Load()
    {
        byte[] octets = File.ReadAllBytes(Path);
        // PFX is DER or BER: a SEQUENCE whose length takes more than one octet. PEM is text, and any text may stand before it (RFC 7468 §2).
        return octets is [0x30, >= 0x80, ..] ? FromPfx(octets) : FromPem(Encoding.UTF8.GetString(octets));
    }

    private LoadedCertificate FromPem(string text)
    {
        string key = KeyPath is null ? text : File.ReadAllText(KeyPath);
        var certificate = Password is null ? X509Certificate2.CreateFromPem(text, key) : X509Certificate2.CreateFromEncryptedPem(text, key, Password);
        var others = new X509Certificate2Collection();
        others.ImportFromPem(text);
        foreach (var same in others.Where(other => other.Equals(certificate)).ToList())
        {
            others.Remove(same);
            same.Dispose();
        }

        return new LoadedCertificate(certificate, others);
    }

    private LoadedCertificate FromPfx(byte[] octets)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(octets, Password);
        var own = all.FirstOrDefault(one => one.HasPrivateKey) ?? all.FirstOrDefault() ?? throw new CryptographicException("there is none in it");
        all.Remove(own);
        return new LoadedCertificate(own, all);
    }
}
