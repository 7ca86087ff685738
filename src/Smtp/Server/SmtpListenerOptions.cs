using System.Net;

namespace Relay.Smtp.Server;

/// <summary>One address to listen on.</summary>
public sealed class SmtpListenerOptions
{
    /// <summary>Loopback unless said otherwise.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>0..65535; 0 takes any free port, see <see cref="SmtpServer.EndPoints"/>.</summary>
    public int Port { get; set; }

    /// <summary>SMTP unless said otherwise.</summary>
    public SmtpProtocol Protocol { get; set; }

    /// <summary>Anything but <see cref="SmtpTlsMode.None"/> needs <see cref="SmtpServerOptions.Certificate"/>.</summary>
    public SmtpTlsMode Tls { get; set; }

    /// <summary>
    /// Proxies whose connections begin with a PROXY header, version 1 or 2; from them it is required. Nobody else's word about a
    /// client's address counts.
    /// </summary>
    public IList<IPNetwork> ProxyNetworks { get; } = [];

    /// <summary>
    /// Proxies that may say by XCLIENT on whose behalf they speak, and who has proven what account to them. It is announced to nobody else. A
    /// client that a PROXY header names is meant by its own address, not by the proxy's.
    /// </summary>
    public IList<IPNetwork> XclientNetworks { get; } = [];
}
