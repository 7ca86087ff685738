using System.Net.Sockets;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Client;

/// <summary>A connection to a mail server that is ready for mail, one at a time. A pool of them is the caller's affair.</summary>
public sealed class SmtpConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly ReplyChannel _channel;
    private readonly SmtpClientOptions _options;
    private bool _leavesTransaction;

    internal SmtpConnection(Socket socket, ReplyChannel channel, SmtpClientOptions options, SmtpCapabilities capabilities, bool isTls)
    {
        _socket = socket;
        _channel = channel;
        _options = options;
        Capabilities = capabilities;
        IsTls = isTls;
    }

    /// <summary>What the server announced last.</summary>
    public SmtpCapabilities Capabilities { get; private set; }

    /// <summary>The connection is encrypted.</summary>
    public bool IsTls { get; }

    /// <summary>
    /// Another mail may be sent. Asks the socket, so that a server that hung up or said 421 in the meantime is found out before a
    /// mail is tried on it.
    /// </summary>
    public bool IsUsable => !_channel.IsBroken && !_channel.HasUnreadInput && IsSilent();

    /// <summary>Connects, greets, encrypts and authenticates, as the options say.</summary>
    public static Task<SmtpConnectResult> ConnectAsync(SmtpClientOptions options, TimeProvider time, CancellationToken ct) =>
        SmtpConnector.ConnectAsync(options, time, ct);

    /// <summary>Sends one mail to all its recipients.</summary>
    /// <param name="envelope">Who it goes from and to.</param>
    /// <param name="content">Header and body. A CR or LF that stands alone leaves as CRLF.</param>
    /// <param name="ct">Ends the connection where it is; what became of the mail is then not known.</param>
    /// <returns>One outcome a recipient, in their order.</returns>
    public async Task<IReadOnlyList<DeliveryOutcome>> SendAsync(MailEnvelope envelope, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfZero(envelope.Recipients.Count);
        var transfer = new MailTransfer(_channel, Capabilities, _options, envelope, content);
        var outcomes = await transfer.RunAsync(_leavesTransaction, ct);
        _leavesTransaction = transfer.LeavesTransaction;
        if (transfer.IsChunkingRefused && !_channel.IsBroken)
        {
            // What stands between us may announce what it does not know: from now on by DATA.
            Capabilities = Capabilities with { Extensions = Capabilities.Extensions & ~SmtpExtensions.Chunking };
            return await SendAsync(envelope, content, ct);
        }

        return outcomes;
    }

    /// <summary>Says QUIT and waits for the reply (RFC 5321 §4.1.1.10), unless the connection is broken.</summary>
    public async Task QuitAsync(CancellationToken ct)
    {
        if (IsUsable)
        {
            await _channel.AskAsync("QUIT", _options.CommandTimeout, ct);
        }

        await DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        _socket.Dispose();
    }

    private bool IsSilent()
    {
        try
        {
            return !_socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A socket that cannot be asked is one that cannot be used.
            return false;
        }
    }
}
