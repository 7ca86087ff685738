using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Relay.Exchange;

/// <summary>Makes the HTTP handler that the options ask for: one connection pool; a stream keeps a connection to itself.</summary>
internal static class ExchangeHandlers
{
    internal static SocketsHttpHandler Create(ExchangeOptions options)
    {
        var handler = Create(options.TrustedCertificates);
        if (options.Auth == ExchangeAuth.Negotiate)
        {
            handler.Credentials = Negotiated(options);
        }

        return handler;
    }

    /// <param name="trustedCertificates">A PEM file of authorities; null for those of the system.</param>
    internal static SocketsHttpHandler Create(string? trustedCertificates)
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        };
        if (trustedCertificates is { } file)
        {
            handler.SslOptions = Trusting(file);
        }

        return handler;
    }

    /// <summary>The given account, or that of the process (a Kerberos ticket) where none is given.</summary>
    private static ICredentials Negotiated(ExchangeOptions options)
    {
        if (string.IsNullOrEmpty(options.UserName) || options.Url is null)
        {
            return CredentialCache.DefaultNetworkCredentials;
        }

        string[] parts = options.UserName.Split('\\', 2);
        NetworkCredential account = parts.Length == 2 ? new(parts[1], options.Password, parts[0]) : new(options.UserName, options.Password);
        return new CredentialCache { { options.Url, "Negotiate", account }, { options.Url, "NTLM", account } };
    }

    /// <summary>The certificates of a PEM file, which may hold other things too.</summary>
    internal static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities;
    }

    private static SslClientAuthenticationOptions Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Authorities(file));
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
