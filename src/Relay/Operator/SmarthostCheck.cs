using Relay.Outbound;
using Relay.Smtp.Client;

namespace Relay.Operator;

/// <summary>Whether a smarthost greets, encrypts and takes the account, as deliveries need it. Mails nothing.</summary>
internal static class SmarthostCheck
{
    private const string Subject = "smarthost";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task<CheckLine> RunAsync(SmarthostOptions smarthost, string helloName, TimeProvider time, CancellationToken cancellationToken)
    {
        var (client, fault) = await smarthost.ClientAsync(helloName, cancellationToken);
        if (client is null)
        {
            return CheckLine.Trouble(Subject, $"{smarthost}: {fault.TrimEnd('.')}. Check Relay:Delivery:Smarthost:AccessTokenFile, and what writes it.");
        }

        client.ConnectTimeout = client.GreetingTimeout = client.CommandTimeout = Patience;
        switch (await SmtpConnection.ConnectAsync(client, time, cancellationToken))
        {
            case SmtpConnectResult.Connected { Connection: var connection }:
                string how = (connection.IsTls, smarthost.Tls) switch
                {
                    (true, SmtpClientTls.Opportunistic) => "with TLS, its certificate not looked at (Tls is Opportunistic)",
                    (true, _) => "with TLS",
                    (false, _) => "without TLS",
                };
                await connection.QuitAsync(cancellationToken);
                return CheckLine.Ok(Subject, $"{smarthost} is ready for mail, {how}{(smarthost.UserName is null ? "" : $", as {smarthost.UserName}")}");
            case SmtpConnectResult.Failed { Outcome: var outcome }:
                return CheckLine.Trouble(Subject, $"{smarthost}: {Advice(outcome, smarthost)}");
            default:
                throw new InvalidOperationException("The cases of SmtpConnectResult are closed.");
        }
    }

    private static string Advice(DeliveryOutcome outcome, SmarthostOptions smarthost)
    {
        (var stage, string said) = outcome switch
        {
            DeliveryOutcome.Deferred deferred => (deferred.Stage, deferred.Reason),
            DeliveryOutcome.Refused refused => (refused.Stage, refused.Reply.ToString()),
            _ => throw new InvalidOperationException("Connecting delivers nothing."),
        };
        said = said.TrimEnd('.');
        return stage switch
        {
            DeliveryStage.Connect => $"it cannot be reached or does not greet: {said}. Check Relay:Delivery:Smarthost:Host and Port, and whether a mail server listens there.",
            DeliveryStage.Hello => $"it does not like our EHLO: {said}. Set Relay:Smtp:HostName to a name that it knows.",
            DeliveryStage.Tls => $"TLS failed: {said}. Check its certificate, or whether Relay:Delivery:Smarthost:Tls ({smarthost.Tls}) is what it offers on this port.",
            DeliveryStage.Auth => $"it does not take the account {smarthost.UserName}: {said}. Check Relay:Delivery:Smarthost:UserName and Password or AccessTokenFile; they are sent under TLS only.",
            _ => $"{said}.",
        };
    }
}
