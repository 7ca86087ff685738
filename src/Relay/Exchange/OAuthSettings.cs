using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Settings;

namespace Relay.Exchange;

/// <summary>Reads the section <c>Relay:Exchange:OAuth</c>.</summary>
internal static class OAuthSettings
{
    public static OAuthOptions Read(SettingsReader settings)
    {
        var options = new OAuthOptions
        {
            TenantId = settings.OptionalText("TenantId"),
            ClientId = settings.OptionalText("ClientId"),
            ClientSecret = settings.Secret("ClientSecret", "ClientSecretFile"),
            Certificate = ReadCertificate(settings),
            Scope = settings.Text("Scope", OAuthOptions.DefaultScope),
            TrustedCertificates = settings.OptionalText("TrustedCertificates"),
        };
        string authority = settings.Text("Authority", OAuthOptions.DefaultAuthority);
        if (Uri.TryCreate(authority, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps)
        {
            options.Authority = url;
        }
        else
        {
            settings.Fault("Authority", $"is \"{authority}\"; give the https address of the server of tokens, such as {OAuthOptions.DefaultAuthority}");
        }

        return options;
    }

    private static X509Certificate2? ReadCertificate(SettingsReader settings)
    {
        string? path = settings.OptionalText("CertificatePath");
        string? keyPath = settings.OptionalText("CertificateKeyPath");
        string? password = settings.OptionalText("CertificatePassword");
        if (path is null)
        {
            return null;
        }

        try
        {
            var loaded = new CertificateFiles(path, keyPath, password).Load();
            if (loaded.Certificate.HasPrivateKey && loaded.Certificate.GetRSAPrivateKey() is not null)
            {
                return loaded.Certificate;
            }

            loaded.Dispose();
            settings.Fault("CertificatePath", $"names {path}, which holds no private RSA key");
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            settings.Fault("CertificatePath", $"names {path}, which cannot be loaded: {exception.Message.TrimEnd('.')}");
        }

        return null;
    }
}
