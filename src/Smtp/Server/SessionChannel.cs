using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>
/// The lines of one connection. Replies are gathered and leave when there is nothing more to read, so that a pipelined group is
/// answered in one piece (RFC 2920 §3.2).
/// </summary>
internal sealed class SessionChannel(IDuplexPipe transport, SessionDeadline deadline, SessionTrace trace)
{
    private readonly IDuplexPipe _plain = transport;
    private volatile bool _stopping;
    private volatile bool _flushing;
    private bool _isMidReply;
    private TaskCompletionSource? _delay;
    private bool _discarding;
    private bool _discardsChunk;

    /// <summary>Where octets come and go, in the clear.</summary>
    public IDuplexPipe Transport { get; private set; } = transport;

    /// <summary>Not null once the connection is encrypted.</summary>
    public TlsTransport? Tls { get; private set; }

    public SessionTrace Trace => trace;

    public SessionDeadline Deadline => deadline;

    /// <summary>The server stops: reads for commands come back with <see cref="SessionInput.Stopping"/> from now on.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Says the end of TLS, if there is any, and goes on in the clear: what the client sends from now on is of no use.</summary>
    public async ValueTask EndTlsAsync()
    {
        if (Tls is { } tls)
        {
            Tls = null;
            Transport = _plain;
            await tls.DisposeAsync();
        }
    }

    /// <summary>False where a reply was begun and not brought to its end.</summary>
    public bool CanReply => !_isMidReply;

    /// <summary>Octets that came before they were asked for. A read that <see cref="Stop"/> has cancelled is used up: look at <see cref="IsStopping"/> after it.</summary>
    /// <exception cref="ConnectionLostException">The connection broke.</exception>
    public bool HasUnreadInput()
    {
        try
        {
            if (!Transport.Input.TryRead(out var result))
            {
                return false;
            }

            // Nothing is marked as seen, so that the next read finds the same.
            Transport.Input.AdvanceTo(result.Buffer.Start);
            return !result.Buffer.IsEmpty;
        }
        catch (Exception e) when (IsConnections(e, CancellationToken.None))
        {
            throw new ConnectionLostException(e.Message, e);
        }
    }

    /// <summary>Goes on under TLS.</summary>
    public void Encrypt(TlsTransport tls)
    {
        Tls = tls;
        Transport = tls;
    }

    /// <summary>Called by the server, from another thread.</summary>
    public void Stop()
    {
        _stopping = true;
        // The fence makes sure that one of the two sees the other: this the delay, or the delay the stop.
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _delay)?.TrySetResult();
        Transport.Input.CancelPendingRead();
    }

    /// <summary>Lets time pass before a reply, but no more once the server stops.</summary>
    public async ValueTask DelayAsync(TimeSpan span, TimeProvider time, CancellationToken ct)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _delay, stopped);
        if (!_stopping)
        {
            await stopped.Task.WaitAsync(span, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Volatile.Write(ref _delay, null);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Called by the server when the deadline has passed, from another thread.</summary>
    public void Wake()
    {
        try
        {
            if (_flushing)
            {
                Transport.Output.CancelPendingFlush();
            }
            else
            {
                Transport.Input.CancelPendingRead();
            }
        }
        catch (ObjectDisposedException)
        {
            // The flush ended between, and TLS with it. On the server's timer it would be the end of the process.
        }
    }

    /// <summary>Reads a line and turns it into something that does not keep the line's memory.</summary>
    /// <param name="limit">Octets with CRLF; a longer line is passed over without being kept.</param>
    /// <param name="parse">Gets the line without CRLF.</param>
    /// <param name="ct">The connection was aborted.</param>
    public ValueTask<(SessionInput Input, T? Value)> ReadLineAsync<T>(int limit, Func<ReadOnlySequence<byte>, T> parse, CancellationToken ct) =>
        ReadLineAsync(limit, isSecret: false, parse, ct);

    /// <summary>The same, for a line that must not show up in a trace.</summary>
    public ValueTask<(SessionInput Input, T? Value)> ReadSecretLineAsync<T>(int limit, Func<ReadOnlySequence<byte>, T> parse, CancellationToken ct) =>
        ReadLineAsync(limit, isSecret: true, parse, ct);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(SessionInput Input, T? Value)> ReadLineAsync<T>(
        int limit, bool isSecret, Func<ReadOnlySequence<byte>, T> parse, CancellationToken ct)
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
            T? value = default;
            if (status == SessionInput.Ready && line is { } found)
            {
                Note(found, isSecret);
                value = parse(found);
            }

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
    /// <exception cref="ConnectionLostException">The connection broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadResult> ReadAsync(CancellationToken ct)
    {
        try
        {
            if (Transport.Input.TryRead(out var result))
            {
                return result;
            }

            await FlushAsync(ct);
            return await Transport.Input.ReadAsync(ct);
        }
        catch (Exception e) when (IsConnections(e, ct))
        {
            throw new ConnectionLostException(e.Message, e);
        }
    }

    /// <summary>Adds a reply to those that leave next.</summary>
    public void Write(SmtpReply reply)
    {
        trace.Reply(reply);
        _isMidReply = true;
        SmtpReplyWriter.Write(reply, Transport.Output);
        _isMidReply = false;
    }

    /// <summary>Lets the replies leave; waits where the client does not read them.</summary>
    /// <exception cref="ConnectionLostException">The connection broke, or the client read nothing until its deadline.</exception>
    public async ValueTask FlushAsync(CancellationToken ct)
    {
        _flushing = true;
        _isMidReply = true;
        try
        {
            if ((await Transport.Output.FlushAsync(ct)).IsCanceled)
            {
                // Going on would pile up replies for somebody who does not read them.
                throw new ConnectionLostException("the client does not read its replies");
            }

            _isMidReply = false;
        }
        catch (Exception e) when (IsConnections(e, ct))
        {
            throw new ConnectionLostException(e.Message, e);
        }
        finally
        {
            _flushing = false;
        }
    }

    private static bool IsConnections(Exception e, CancellationToken ct) =>
        e is not ConnectionLostException && !ct.IsCancellationRequested && e is IOException or OperationCanceledException;

    private void Note(ReadOnlySequence<byte> line, bool isSecret)
    {
        if (isSecret)
        {
            trace.Secret();
        }
        else
        {
            trace.Command(line);
        }
    }

    private (SessionInput Status, ReadOnlySequence<byte>? Line) Take(ref ReadOnlySequence<byte> buffer, int limit)
    {
        var before = buffer;
        var status = SmtpLine.TryRead(ref buffer, out var line);
        if (!_discarding && ForeignProtocol.IsHandshake(before))
        {
            return (SessionInput.Foreign, null);
        }

        switch (status)
        {
            case SmtpReadStatus.Done when _discarding || before.Length - buffer.Length > limit:
                var isChunk = _discarding ? _discardsChunk : IsChunk(before);
                _discarding = false;
                return (isChunk ? SessionInput.ChunkLineTooLong : SessionInput.LineTooLong, null);
            case SmtpReadStatus.Done:
                return (SessionInput.Ready, line);
            case SmtpReadStatus.Malformed:
                return (SessionInput.BareLineEnd, null);
            case SmtpReadStatus.Incomplete when _discarding || buffer.Length > limit:
                _discardsChunk = _discarding ? _discardsChunk : IsChunk(before);
                // A CR at the very end stays: its LF may come next.
                _discarding = true;
                buffer = buffer.Slice(buffer.Length - 1);
                return (SessionInput.Ready, null);
            default:
                return (SessionInput.Ready, null);
        }
    }

    private static bool IsChunk(ReadOnlySequence<byte> line)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(line.Length, 64)];
        line.Slice(0, start.Length).CopyTo(start);
        return SmtpCommandReader.IsChunk(start);
    }
}
