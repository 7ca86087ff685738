using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Server;

/// <summary>The server wakes a late session from a thread of its own, and finds it at whatever it does.</summary>
public sealed class WakingTests
{
    [Fact]
    public async Task A_session_whose_TLS_ends_while_it_is_being_woken_harms_nobody()
    {
        var ended = PipeWriter.Create(new MemoryStream(), new StreamPipeWriterOptions(leaveOpen: true));
        await ended.CompleteAsync();
        Assert.Throws<ObjectDisposedException>(ended.CancelPendingFlush);

        var transport = new Transport(new FlushingWriter(ended));
        var channel = new SessionChannel(
            transport, new SessionDeadline(TimeProvider.System), new SessionTrace(new TraceSwitch(), NullLogger.Instance, "1"));
        var flush = channel.FlushAsync(CancellationToken.None);
        channel.Wake();
        Assert.False(flush.IsCompleted);
    }

    [Fact]
    public async Task A_stop_while_STARTTLS_is_read_begins_no_handshake()
    {
        var (toServer, toClient) = (new Pipe(), new Pipe());
        var channel = new SessionChannel(
            new Transport(toClient.Writer, toServer.Reader), new SessionDeadline(TimeProvider.System), new SessionTrace(new TraceSwitch(), NullLogger.Instance, "1"));
        var options = new SmtpServerOptions();
        var listener = new SmtpListenerOptions { Tls = SmtpTlsMode.StartTls };
        var session = new SessionContext(
            options, listener, new MailCollector(), TimeProvider.System, NullLogger.Instance, channel, new SessionState(IPAddress.Loopback, SmtpProtocol.Smtp),
            new SessionPlace(new SessionTable(options.Limits)), default, "1");

        channel.Stop();
        // Looking for octets behind the command has used up the read that the stop has cancelled: nothing would wake the handshake.
        Assert.Equal(SmtpReplies.ShuttingDown, await StartTlsCommand.ExecuteAsync(session, CancellationToken.None));
        Assert.False(toClient.Reader.TryRead(out _));
    }

    private sealed class Transport(PipeWriter output, PipeReader? input = null) : IDuplexPipe
    {
        public PipeReader Input { get; } = input ?? new Pipe().Reader;

        public PipeWriter Output => output;
    }

    /// <summary>Flushes for ever, and is over for those who come from elsewhere.</summary>
    private sealed class FlushingWriter(PipeWriter ended) : PipeWriter
    {
        public override void Advance(int bytes) => ended.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => ended.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => ended.GetSpan(sizeHint);

        public override void CancelPendingFlush() => ended.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => ended.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource<FlushResult>().Task);
    }
}
