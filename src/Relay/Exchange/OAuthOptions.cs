using System.Security.Cryptography.X509Certificates;

namespace Relay.Exchange;

/// <summary>Section <c>Relay:Exchange:OAuth</c>: an application that gets its tokens by client credentials (RFC 6749 §4.4).</summary>
internal sealed class OAuthOptions
{
    public const string DefaultAuthority = "https://login.microsoftonline.com";

    public const string DefaultScope = "https://outlook.office365.com/.default";

    /// <summary>The directory: its id or one of its domains.</summary>
    public string? TenantId { get; set; }

    /// <summary>The application's id in the directory.</summary>
    public string? ClientId { get; set; }

    /// <summary>What proves the application, or <see cref="Certificate"/>.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>With its private key.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The server of tokens without the tenant; another one in national clouds.</summary>
    public Uri Authority { get; set; } = new(DefaultAuthority);

    public string Scope { get; set; } = DefaultScope;

    /// <summary>PEM file of authorities that are trusted for the server of tokens alone. Null: those of the system.</summary>
    public string? TrustedCertificates { get; set; }
}
