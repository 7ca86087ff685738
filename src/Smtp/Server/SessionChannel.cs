using System.Buffers;
using System.IO.Pipelines;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>
/// The lines of one connection. Replies are gathered and leave when there is nothing more to read, so that a pipelined group is
/// answered in one piece (RFC 2920 §3.2).
/// </summary>
internal sealed class SessionChannel(IDuplexPipe transport, SessionDeadline deadline)
{
    private volatile bool _stopping;
    private bool _discarding;

    public IDuplexPipe Transport { get; private set; } = transport;

    public SessionDeadline Deadline => deadline;

    /// <summary>The server stops: reads for commands come back with <see cref="SessionInput.Stopping"/> from now on.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Called by the server, from another thread.</summary>
    public void Stop()
    {
        _stopping = true;
        Transport.Input.CancelPendingRead();
    }

    /// <summary>Called by the server when the deadline has passed, from another thread.</summary>
    public void Wake()
    {
        Transport.Input.CancelPendingRead();
        Transport.Output.CancelPendingFlush();
    }

    /// <summary>Reads a line and turns it into something that does not keep the line's memory.</summary>
    /// <param name="limit">Octets with CRLF; a longer line is passed over without being kept.</param>
    /// <param name="parse">Gets the line without CRLF.</param>
    /// <param name="ct">The connection was aborted.</param>
    public async ValueTask<(SessionInput Input, T? Value)> ReadLineAsync<T>(int limit, Func<ReadOnlySequence<byte>, T> parse, CancellationToken ct)
    {
        while (true)
        {
            if (_stopping)
            {
                return (SessionInput.Stopping, default);
            }

            var result = await ReadAsync(ct);
            var buffer = result.Buffer;
            var (status, line) = Take(ref buffer, limit);
            var value = status == SessionInput.Ready && line is { } found ? parse(found) : default;
            var isWhole = line is not null || status != SessionInput.Ready;
            Transport.Input.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
            if (isWhole)
            {
                return (status, value);
            }

            if (result.IsCompleted)
            {
                return (SessionInput.Closed, default);
            }

            if (deadline.HasPassed(TimeSpan.Zero))
            {
                return (SessionInput.TimedOut, default);
            }
        }
    }

    /// <summary>Whatever has come; replies leave first if nothing has.</summary>
    public async ValueTask<ReadResult> ReadAsync(CancellationToken ct)
    {
        if (Transport.Input.TryRead(out var result))
        {
            return result;
        }

        await FlushAsync(ct);
        return await Transport.Input.ReadAsync(ct);
    }

    /// <summary>Adds a reply to those that leave next.</summary>
    public void Write(SmtpReply reply) => SmtpReplyWriter.Write(reply, Transport.Output);

    /// <summary>Lets the replies leave; waits where the client does not read them.</summary>
    public async ValueTask FlushAsync(CancellationToken ct) => await Transport.Output.FlushAsync(ct);

    private (SessionInput Status, ReadOnlySequence<byte>? Line) Take(ref ReadOnlySequence<byte> buffer, int limit)
    {
        var before = buffer;
        switch (SmtpLine.TryRead(ref buffer, out var line))
        {
            case SmtpReadStatus.Done when _discarding || before.Length - buffer.Length > limit:
                _discarding = false;
                return (SessionInput.LineTooLong, null);
            case SmtpReadStatus.Done:
                return (SessionInput.Ready, line);
            case SmtpReadStatus.Malformed:
                return (SessionInput.BareLineEnd, null);
            case SmtpReadStatus.Incomplete when _discarding || buffer.Length > limit:
                // A CR at the very end stays: its LF may come next.
                _discarding = true;
                buffer = buffer.Slice(buffer.Length - 1);
                return (SessionInput.Ready, null);
            default:
                return (SessionInput.Ready, null);
        }
    }
}
