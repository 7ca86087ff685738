using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Relay.Smtp.Server;

/// <summary>Who the server proves to be under TLS. Set from one thread, used from many.</summary>
internal sealed class TlsIdentity
{
    private volatile SslStreamCertificateContext? _context;

    /// <exception cref="InvalidOperationException">It was never set.</exception>
    public SslStreamCertificateContext Context => _context ?? throw new InvalidOperationException("A listener encrypts without a certificate.");

    /// <summary>For handshakes from now on.</summary>
    /// <param name="certificate">With its private key.</param>
    /// <param name="intermediates">Those between it and its authority, as far as they are known.</param>
    // Made once and not at each handshake, and of what is at hand: nothing is looked for in the network while a client waits.
    public void Set(X509Certificate2 certificate, X509Certificate2Collection intermediates) =>
        _context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
}
