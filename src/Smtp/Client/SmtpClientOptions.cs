using System.Net.Security;

namespace Relay.Smtp.Client;

/// <summary>Where mail is handed to, and how long it may take.</summary>
public sealed class SmtpClientOptions
{
    /// <summary>A name or an address.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>1..65535.</summary>
    public int Port { get; set; } = 25;

    /// <summary>Encrypted where possible unless said otherwise.</summary>
    public SmtpClientTls Tls { get; set; } = SmtpClientTls.Opportunistic;

    /// <summary>Null sends no AUTH.</summary>
    public string? UserName { get; set; }

    /// <summary>Goes with <see cref="UserName"/>.</summary>
    public string? Password { get; set; }

    /// <summary>An OAuth 2 access token for XOAUTH2, in place of a password.</summary>
    public string? AccessToken { get; set; }

    /// <summary>PLAIN and LOGIN without TLS too. For networks where nobody listens, such as loopback.</summary>
    public bool AllowPasswordInTheClear { get; set; }

    /// <summary>Our name in EHLO: a domain, or an address literal in brackets (RFC 5321 §4.1.4).</summary>
    public string HelloName { get; set; } = "localhost";

    /// <summary>Decides about the server's certificate in place of the system's trust; null leaves it to the system.</summary>
    public RemoteCertificateValidationCallback? CertificateCheck { get; set; }

    /// <summary>Name look-up, TCP and TLS, each.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>From TCP, and TLS where it comes first, to the greeting. RFC 5321 §4.5.3.2.1: 5 minutes.</summary>
    public TimeSpan GreetingTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>EHLO, MAIL and RCPT, each. RFC 5321 §4.5.3.2.2 and 4.5.3.2.3: 5 minutes.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>From DATA to 354. RFC 5321 §4.5.3.2.4: 2 minutes.</summary>
    public TimeSpan DataStartTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>For each 64 KiB of content to leave. RFC 5321 §4.5.3.2.5: 3 minutes.</summary>
    public TimeSpan DataBlockTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>From the final dot to its reply. RFC 5321 §4.5.3.2.6: 10 minutes, as giving up early sends the mail twice.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromMinutes(10);
}
