using System.Net.Security;

namespace Relay.Smtp.Tests.Server;

/// <summary>The client's side of TLS, with a server of the name mx.example.</summary>
internal static class TestTls
{
    public static async Task<SslStream> ShakeHandsAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mx.example",
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=mx.example",
        });
        return tls;
    }
}
