using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Smtp.Server;

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

    private sealed class Transport(PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = new Pipe().Reader;

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
