using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Smtp.Authentication;

namespace Relay.Smtp.Server;

/// <summary>How a server presents itself and where it listens.</summary>
public sealed class SmtpServerOptions
{
    /// <summary>Our name in the greeting, in replies and in Received fields.</summary>
    public string HostName { get; set; } = "localhost";

    /// <summary>At least one.</summary>
    public IList<SmtpListenerOptions> Listeners { get; } = [];

    /// <summary>Octets of content, counted while reading; 1 or more, 10 MiB by default. Announced as SIZE (RFC 1870 §4).</summary>
    public long MaxMessageBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>What becomes of a CR or LF alone in content.</summary>
    public BareLineEnds BareLineEnds { get; set; }

    /// <summary>What one session may use up.</summary>
    public SmtpServerLimits Limits { get; set; } = new();

    /// <summary>With its private key; needed by listeners that encrypt.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Certificates between ours and its authority, in any order: sent with it, as clients know the authority alone (RFC 8446 §4.4.2).</summary>
    public X509Certificate2Collection Intermediates { get; } = [];

    /// <summary>Who may say AUTH; null announces none.</summary>
    public ISmtpAuthenticator? Authenticator { get; set; }

    /// <summary>AUTH is announced without TLS too. For networks where nobody listens, such as loopback.</summary>
    public bool AllowAuthInTheClear { get; set; }

    /// <summary>
    /// Clients to which DSN is announced (RFC 3461 §3); empty is all. To others its parameters are unknown, so that strangers cannot have reports mailed
    /// to whom they name.
    /// </summary>
    public IList<IPNetwork> DsnNetworks { get; } = [];

    /// <summary>Makes the id of a mail: 1..64 letters and digits, never the same twice. 80 random bits by default.</summary>
    public Func<string> NewId { get; set; } = () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));

    /// <summary>Kestrel's connection layer on Linux too, so that tests play what other systems have.</summary>
    internal bool UsesKestrel { get; set; }

    /// <summary>What handshakes prove.</summary>
    internal TlsIdentity Identity { get; } = new();

    /// <summary>Credentials shown to clients that name no account.</summary>
    internal ScramDecoys Decoys { get; } = new(RandomNumberGenerator.GetBytes(32));

    /// <summary>Every fault of these options in a sentence; empty when a server can start with them.</summary>
    public IEnumerable<string> Faults()
    {
        if (HostName.Length is 0 or > 255 || HostName.Any(c => c is <= ' ' or > '~'))
        {
            yield return $"{nameof(HostName)} must be 1 to 255 printable characters without blanks.";
        }

        if (Listeners.Count == 0)
        {
            yield return $"{nameof(Listeners)} must name at least one address.";
        }

        if (Listeners.Any(listener => listener.Port is < 0 or > 65535))
        {
            yield return $"{nameof(SmtpListenerOptions.Port)} must be 0 to 65535.";
        }

        // RFC 2033 §5: whoever finds something on port 25 takes it for SMTP.
        if (Listeners.Any(listener => listener is { Protocol: SmtpProtocol.Lmtp, Port: 25 }))
        {
            yield return $"{nameof(SmtpListenerOptions.Port)} must not be 25 where {nameof(SmtpListenerOptions.Protocol)} is {nameof(SmtpProtocol.Lmtp)}.";
        }

        if (Listeners.Any(listener => listener.Tls != SmtpTlsMode.None) && Certificate is not { HasPrivateKey: true })
        {
            yield return $"{nameof(Certificate)} with its private key is needed by a listener that encrypts.";
        }

        if (MaxMessageBytes < 1)
        {
            yield return $"{nameof(MaxMessageBytes)} must be 1 or more.";
        }

        foreach (var fault in Limits.Faults())
        {
            yield return fault;
        }
    }
}
