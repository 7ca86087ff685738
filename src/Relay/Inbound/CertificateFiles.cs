using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Settings;

namespace Relay.Inbound;

/// <summary>Where the server's certificate lies, with its key and, behind it, those between it and its authority.</summary>
internal sealed record CertificateFiles(string Path, string? KeyPath, string? Password)
{
    /// <summary>Null where the settings name none.</summary>
    public static CertificateFiles? Read(SettingsReader settings) => settings.OptionalText("Path") is { } path
        ? new CertificateFiles(path, settings.OptionalText("KeyPath"), settings.OptionalText("Password"))
        : null;

    /// <summary>The certificate with its key, and whatever other certificates lie beside it.</summary>
    /// <exception cref="CryptographicException">They are none, or the key is another's.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public (X509Certificate2 Certificate, X509Certificate2Collection Others) Load()
    {
        bool isPem = System.IO.Path.GetExtension(Path).ToLowerInvariant() is ".pem" or ".crt" or ".cer";
        if (!isPem)
        {
            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(Path, Password);
            var own = all.FirstOrDefault(one => one.HasPrivateKey) ?? all.FirstOrDefault() ?? throw new CryptographicException("there is none in it");
            all.Remove(own);
            return (own, all);
        }

        var certificate = Password is null
            ? X509Certificate2.CreateFromPemFile(Path, KeyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(Path, Password, KeyPath);
        var others = new X509Certificate2Collection();
        others.ImportFromPemFile(Path);
        others.Remove(certificate);
        return (certificate, others);
    }
}
