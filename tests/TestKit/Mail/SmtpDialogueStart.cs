using System.Net.Security;
using System.Security.Authentication;

namespace Relay.TestKit.Mail;

/// <summary>How a dialogue begins.</summary>
public sealed record SmtpDialogueStart
{
    /// <summary>EHLO, or LHLO for LMTP (RFC 2033 §4.1).</summary>
    public string Hello { get; init; } = "EHLO";

    /// <summary>Octets before anything else, such as a proxy's line.</summary>
    public string Before { get; init; } = "";

    /// <summary>TLS from the first octet (RFC 8314 §3).</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>TLS by STARTTLS (RFC 3207).</summary>
    public bool SaysStartTls { get; init; }

    /// <summary>Whose certificate is expected under TLS: CN=this.</summary>
    public string Host { get; init; } = "localhost";

    internal async Task<Stream> EncryptAsync(Stream plain)
    {
        var tls = new SslStream(plain);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == $"CN={Host}",
        });
        return tls;
    }
}
