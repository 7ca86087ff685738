using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Client;

/// <summary>The steps from nothing to a connection that takes mail (RFC 5321 §3.1 and 3.2, RFC 3207 §4).</summary>
internal sealed class SmtpConnector(SmtpClientOptions options, TimeProvider time)
{
    private bool _isTls;
    private bool _isHandshakeFailed;
    private bool _isTlsGivenUp;

    public static async Task<SmtpConnectResult> ConnectAsync(SmtpClientOptions options, TimeProvider time, CancellationToken ct)
    {
        var first = new SmtpConnector(options, time);
        var result = await first.ConnectAsync(ct);
        // RFC 7435 §3: where TLS is a bonus, a server whose TLS is broken still gets its mail.
        return first._isHandshakeFailed && options.Tls == SmtpClientTls.Opportunistic
            ? await new SmtpConnector(options, time) { _isTlsGivenUp = true }.ConnectAsync(ct)
            : result;
    }

    private async Task<SmtpConnectResult> ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        ReplyChannel? channel = null;
        var isGivenAway = false;
        try
        {
            if (await OpenAsync(socket, ct) is { } unreachable)
            {
                return new SmtpConnectResult.Failed(unreachable);
            }

            var network = new NetworkStream(socket, ownsSocket: true);
            channel = new ReplyChannel(network, time);
            var (capabilities, failure) = await GreetAsync(channel, network, ct);
            if (failure is not null)
            {
                return new SmtpConnectResult.Failed(failure);
            }

            isGivenAway = true;
            return new SmtpConnectResult.Connected(new SmtpConnection(socket, channel, options, capabilities, _isTls));
        }
        finally
        {
            if (!isGivenAway)
            {
                await (channel?.DisposeAsync() ?? ValueTask.CompletedTask);
                socket.Dispose();
            }
        }
    }

    private async Task<DeliveryOutcome?> OpenAsync(Socket socket, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, either.Token);
            return null;
        }
        catch (SocketException e)
        {
            return Deferred(DeliveryStage.Connect, e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Deferred(DeliveryStage.Connect, "no connection in time");
        }
    }

    private async Task<(SmtpCapabilities Capabilities, DeliveryOutcome? Failure)> GreetAsync(ReplyChannel channel, Stream network, CancellationToken ct)
    {
        if (options.Tls == SmtpClientTls.Implicit && await EncryptAsync(channel, network, ct) is { } notEncrypted)
        {
            return (SmtpCapabilities.None, notEncrypted);
        }

        var greeting = await channel.ReadAsync(options.GreetingTimeout, ct);
        if (greeting.Reply is not { Code: 220 })
        {
            return (SmtpCapabilities.None, greeting.ToOutcome(DeliveryStage.Connect));
        }

        var (capabilities, failure) = await HelloAsync(channel, ct);
        if (failure is null && !_isTls && !_isTlsGivenUp && options.Tls != SmtpClientTls.None)
        {
            (capabilities, failure) = await StartTlsAsync(channel, network, capabilities, ct);
        }

        if (failure is null && options.UserName is { } userName)
        {
            failure = await new ClientAuthentication(channel, options).RunAsync(userName, capabilities, _isTls, ct);
        }

        return (capabilities, failure);
    }

    /// <summary>RFC 5321 §4.1.1.1: HELO where EHLO is not known.</summary>
    private async Task<(SmtpCapabilities Capabilities, DeliveryOutcome? Failure)> HelloAsync(ReplyChannel channel, CancellationToken ct)
    {
        var hello = await channel.AskAsync($"EHLO {options.HelloName}", options.CommandTimeout, ct);
        if (hello.Reply is { Code: 250 } reply)
        {
            return (SmtpCapabilities.Read(reply.Text), null);
        }

        if (hello.Reply is { IsPermanent: true })
        {
            hello = await channel.AskAsync($"HELO {options.HelloName}", options.CommandTimeout, ct);
        }

        return (SmtpCapabilities.None, hello.Reply is { Code: 250 } ? null : hello.ToOutcome(DeliveryStage.Hello));
    }

    private async Task<(SmtpCapabilities Capabilities, DeliveryOutcome? Failure)> StartTlsAsync(
        ReplyChannel channel, Stream network, SmtpCapabilities capabilities, CancellationToken ct)
    {
        if (!capabilities.Has(SmtpExtensions.StartTls))
        {
            return (capabilities, options.Tls == SmtpClientTls.Required ? Deferred(DeliveryStage.Tls, "the server offers no STARTTLS") : null);
        }

        var start = await channel.AskAsync("STARTTLS", options.CommandTimeout, ct);
        if (start.Reply is not { Code: 220 })
        {
            return (capabilities, options.Tls == SmtpClientTls.Required || start.Reply is null ? start.ToOutcome(DeliveryStage.Tls) : null);
        }

        // RFC 3207 §4.2: octets that came in the clear behind the reply would be read as if they had come under TLS.
        if (channel.HasUnreadInput)
        {
            return (capabilities, Deferred(DeliveryStage.Tls, "the server spoke between STARTTLS and the handshake"));
        }

        // RFC 3207 §4.2: what was announced before is forgotten.
        return await EncryptAsync(channel, network, ct) is { } failure ? (capabilities, failure) : await HelloAsync(channel, ct);
    }

    private async Task<DeliveryOutcome?> EncryptAsync(ReplyChannel channel, Stream network, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        var tls = new SslStream(network);
        try
        {
            await tls.AuthenticateAsClientAsync(TlsOptions(), either.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            _isHandshakeFailed = true;
            await tls.DisposeAsync();
            return Deferred(DeliveryStage.Tls, e.Message);
        }

        await channel.SwitchToAsync(tls);
        _isTls = true;
        return null;
    }

    private SslClientAuthenticationOptions TlsOptions() => new()
    {
        TargetHost = options.Host,
        // RFC 8996 §1: TLS 1.0 and 1.1 are gone; the system's choice has none older than 1.2.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        // RFC 3207 §4.1: what a certificate has to prove is for the operator to say, who sets Required or Implicit.
#pragma warning disable CA5359 // Any certificate is better than none: without TLS the mail goes in the clear (RFC 7435 §3).
        RemoteCertificateValidationCallback = options.CertificateCheck
            ?? (options.Tls == SmtpClientTls.Opportunistic ? (_, _, _, _) => true : null),
#pragma warning restore CA5359
    };

    private static DeliveryOutcome.Deferred Deferred(DeliveryStage stage, string reason) => new(stage, null, reason);
}
