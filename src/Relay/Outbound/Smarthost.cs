using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>A smarthost at run time: how to connect to it, and whether that is worth trying.</summary>
/// <param name="options">Where it is.</param>
/// <param name="hasDeputy">There is another to turn to, so a greeting is not waited for as long as RFC 5321 §4.5.3.2.1 would.</param>
/// <param name="delivery">For its health.</param>
/// <param name="helloName">Our name.</param>
/// <param name="time">For waits.</param>
internal sealed class Smarthost(SmarthostOptions options, bool hasDeputy, DeliveryOptions delivery, string helloName, TimeProvider time)
{
    // Departs from RFC 5321 §4.5.3.2.1 (5 minutes), where another smarthost could have the mail meanwhile.
    private static readonly TimeSpan GreetingWithDeputy = TimeSpan.FromSeconds(20);

    public string Name => options.ToString();

    public string Host => options.Host;

    public SmarthostHealth Health { get; } = new(delivery, time);

    public async Task<SmtpConnectResult> ConnectAsync(CancellationToken cancellationToken)
    {
        var (client, fault) = await options.ClientAsync(helloName, cancellationToken);
        if (client is null)
        {
            return new SmtpConnectResult.Failed(new DeliveryOutcome.Deferred(DeliveryStage.Auth, null, fault));
        }

        if (hasDeputy)
        {
            client.ConnectTimeout = client.GreetingTimeout = GreetingWithDeputy;
        }

        return await SmtpConnection.ConnectAsync(client, time, cancellationToken);
    }
}
