using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>Opens connections to the configured smarthost.</summary>
internal sealed class SmarthostConnector(SmarthostOptions smarthost, string helloName, TimeProvider time)
{
    public string Name => smarthost.ToString();

    public Task<SmtpConnectResult> ConnectAsync(CancellationToken cancellationToken) =>
        SmtpConnection.ConnectAsync(
            new SmtpClientOptions
            {
                Host = smarthost.Host,
                Port = smarthost.Port,
                Tls = smarthost.Tls,
                UserName = smarthost.UserName,
                Password = smarthost.Password,
                HelloName = helloName,
            },
            time,
            cancellationToken);
}
