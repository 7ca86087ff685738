using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Client.Mail;

/// <summary>
/// The subscriber's own mail server: takes mail for one address and asks a handler for the reply to each. Since 250 passes the
/// responsibility on (RFC 5321 §6.1), a handler that must not lose a notification stores it before it says so.
/// </summary>
internal sealed class SubscriberListener : IMailHandler, IAsyncDisposable
{
    private readonly MailAddress _address;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<SmtpReply>> _handler;
    private readonly TimeProvider _time;
    private readonly SmtpServer _server;

    /// <param name="options">Our address and the size limit.</param>
    /// <param name="listen">Port 0 takes any free port.</param>
    /// <param name="handler">Takes a whole mail (header and body, CRLF lines) and gives the reply to its final dot.</param>
    /// <param name="time">The clock of the session's timeouts.</param>
    /// <param name="loggers">Receives the server's log.</param>
    public SubscriberListener(RelayMailOptions options, IPEndPoint listen,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<SmtpReply>> handler, TimeProvider time, ILoggerFactory loggers)
    {
        _address = options.From;
        _handler = handler;
        _time = time;
        var server = new SmtpServerOptions { HostName = options.From.Domain, MaxMessageBytes = options.MaxMailBytes };
        server.Listeners.Add(new SmtpListenerOptions { Address = listen.Address, Port = listen.Port });
        _server = new SmtpServer(server, this, time, loggers);
    }

    /// <summary>Where we listen, known after <see cref="StartAsync"/>.</summary>
    public IPEndPoint EndPoint => _server.EndPoints[0];

    /// <exception cref="IOException">The port is taken, or the address is not this machine's.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is AddressInUseException or SocketException)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    /// <summary>Any sender will do: answers come from the null reverse-path, notifications from a return path of their own.</summary>
    public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) => new(SmtpReplies.SenderOk);

    /// <summary>Refuses every address but ours.</summary>
    public ValueTask<SmtpReply> RecipientAsync(
        SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
        new(recipient.Address.IsSameMailbox(_address) ? SmtpReplies.RecipientOk : ClientReplies.NotOurAddress);

    /// <summary>Begins a mail in memory, up to <see cref="RelayMailOptions.MaxMailBytes"/>.</summary>
    public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
        new(new ListenerDelivery(_handler));

    /// <summary>
    /// Closes the port and lets what is coming in come in, for two seconds at most: a relay that does not hear our 250 would bring the
    /// mail again.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        await _server.StopAsync(limit.Token);
        await _server.DisposeAsync();
    }
}
