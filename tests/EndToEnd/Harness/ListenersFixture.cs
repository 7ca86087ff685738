using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Relay.TestKit;

namespace Relay.EndToEnd.Harness;

/// <summary>A gateway with a listener of each kind that the settings know, and a certificate for localhost.</summary>
public sealed class ListenersFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();

    internal Gateway Gateway { get; private set; } = null!;

    internal int Lmtp { get; } = FreePort.Next();

    internal int StartTls { get; } = FreePort.Next();

    internal int Implicit { get; } = FreePort.Next();

    internal int Proxied { get; } = FreePort.Next();

    /// <summary>Who issued the certificate: what a client is to trust.</summary>
    internal string AuthorityPath => _folder.File("authority.pem");

    public async ValueTask InitializeAsync()
    {
        using X509Certificate2 certificate = _authority.Issue("localhost");
        using var key = certificate.GetRSAPrivateKey()!;
        _folder.Write("authority.pem", _authority.Pem);
        var settings = new Dictionary<string, string>
        {
            ["Smtp:Certificate:Path"] = _folder.Write("relay.pem", certificate.ExportCertificatePem()),
            ["Smtp:Certificate:KeyPath"] = _folder.Write("relay.key", key.ExportPkcs8PrivateKeyPem()),
            ["Smtp:Listeners:1:Protocol"] = "Lmtp",
            ["Smtp:Listeners:2:Tls"] = "StartTls",
            ["Smtp:Listeners:3:Tls"] = "Implicit",
            ["Smtp:Listeners:4:ProxyNetworks"] = "127.0.0.0/8",
        };
        int number = 0;
        foreach (int port in new[] { Lmtp, StartTls, Implicit, Proxied })
        {
            settings[$"Smtp:Listeners:{++number}:Port"] = port.ToString(CultureInfo.InvariantCulture);
        }

        Gateway = await Gateway.StartAsync(new GatewayOptions { Settings = settings });
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Dispose();
    }
}
