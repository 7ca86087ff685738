using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Client;

/// <summary>
/// The client's end of a connection: commands gather until they are flushed, replies come one by one. What the server may do comes
/// back as an answer without a reply, and then the channel is broken for good.
/// </summary>
internal sealed class ReplyChannel : IAsyncDisposable
{
    // One write a block, so that each has the time limit of RFC 5321 §4.5.3.2.5.
    private const int Block = 64 * 1024;

    // Timers fire by the millisecond.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly ITimer _timer;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Stream _stream;
    private PipeReader _input;
    private volatile bool _isTimedOut;
    private long _deadline = long.MaxValue;
    private long _timerDue = long.MaxValue;

    public ReplyChannel(Stream stream, TimeProvider time)
    {
        _time = time;
        _stream = stream;
        _input = CreateReader(stream);
        _timer = time.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nothing more can be said on this connection.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Octets that a failed flush never gave to the network.</summary>
    public int LeftOfLastFlush { get; private set; }

    /// <summary>Where commands and content are gathered.</summary>
    public IBufferWriter<byte> Output => _output;

    /// <summary>Octets that came before they were asked for.</summary>
    public bool HasUnreadInput
    {
        get
        {
            if (!_input.TryRead(out var result))
            {
                return false;
            }

            _input.AdvanceTo(result.Buffer.Start);
            return !result.Buffer.IsEmpty;
        }
    }

    /// <summary>Gathers a command and its CRLF.</summary>
    public void Write(string command)
    {
        Encoding.UTF8.GetBytes(command, _output);
        _output.Write("\r\n"u8);
    }

    /// <summary>Sends what was gathered, then waits for one reply.</summary>
    public async ValueTask<ServerAnswer> AskAsync(string command, TimeSpan within, CancellationToken ct)
    {
        Write(command);
        return await FlushAsync(within, ct) is { } fault ? new ServerAnswer(null, fault) : await ReadAsync(within, ct);
    }

    /// <summary>Sends what was gathered; the text says why that was not possible.</summary>
    public async ValueTask<string?> FlushAsync(TimeSpan withinEach, CancellationToken ct)
    {
        try
        {
            LeftOfLastFlush = _output.WrittenCount;
            while (LeftOfLastFlush > 0 && !IsBroken)
            {
                var block = _output.WrittenMemory[^LeftOfLastFlush..];
                block = block[..Math.Min(Block, block.Length)];
                LeftOfLastFlush -= block.Length;
                Expect(withinEach);
                await _stream.WriteAsync(block, ct);
            }

            return IsBroken ? "the connection is closed" : null;
        }
        catch (Exception e) when (IsPeersDoing(e, ct))
        {
            return Break(e.Message);
        }
        finally
        {
            Volatile.Write(ref _deadline, long.MaxValue);
            _output.ResetWrittenCount();
        }
    }

    /// <summary>Waits for one reply.</summary>
    public async ValueTask<ServerAnswer> ReadAsync(TimeSpan within, CancellationToken ct)
    {
        if (IsBroken)
        {
            return new ServerAnswer(null, "the connection is closed");
        }

        Expect(within);
        try
        {
            return await ReadReplyAsync(ct);
        }
        catch (Exception e) when (IsPeersDoing(e, ct))
        {
            return new ServerAnswer(null, Break(e.Message));
        }
        finally
        {
            Volatile.Write(ref _deadline, long.MaxValue);
        }
    }

    /// <summary>Goes on over another stream, such as TLS on this one.</summary>
    public async ValueTask SwitchToAsync(Stream stream)
    {
        await _input.CompleteAsync();
        _stream = stream;
        _input = CreateReader(stream);
    }

    public async ValueTask DisposeAsync()
    {
        IsBroken = true;
        await _timer.DisposeAsync();
        await _input.CompleteAsync();
        await _stream.DisposeAsync();
    }

    private static PipeReader CreateReader(Stream stream) => PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    private async ValueTask<ServerAnswer> ReadReplyAsync(CancellationToken ct)
    {
        while (true)
        {
            var result = await _input.ReadAsync(ct);
            var buffer = result.Buffer;
            var status = SmtpReplyReader.TryRead(ref buffer, out var reply);
            _input.AdvanceTo(buffer.Start, status == SmtpReadStatus.Done ? buffer.Start : buffer.End);
            switch (status)
            {
                case SmtpReadStatus.Done:
                    // RFC 5321 §3.8: 421 may come at any time, and the connection ends with it.
                    IsBroken |= reply!.Code == 421;
                    return new ServerAnswer(reply, "");
                case SmtpReadStatus.Malformed:
                    return new ServerAnswer(null, Break("the server sent what is no reply"));
                case SmtpReadStatus.Incomplete when result.IsCompleted:
                    return new ServerAnswer(null, Break("the server closed the connection"));
                default:
                    break;
            }
        }
    }

    private bool IsPeersDoing(Exception e, CancellationToken ct)
    {
        IsBroken = true;
        return !ct.IsCancellationRequested && e is IOException or ObjectDisposedException or OperationCanceledException;
    }

    private string Break(string fault)
    {
        IsBroken = true;
        return _isTimedOut ? "the server did not answer in time" : fault;
    }

    // A timer that is set and taken back at each of a mail's steps would cost as much as a step: it is left to run, and looks at the deadline when it fires.
    private void Expect(TimeSpan within)
    {
        long deadline = _time.GetTimestamp() + (long)(within.TotalSeconds * _time.TimestampFrequency);
        Interlocked.Exchange(ref _deadline, deadline); // seen by Expire, or what it wrote is seen here
        if (deadline < Volatile.Read(ref _timerDue))
        {
            lock (_gate)
            {
                SetTimer(within, deadline);
            }
        }
    }

    private void SetTimer(TimeSpan within, long due)
    {
        Volatile.Write(ref _timerDue, due);
        _timer.Change(within, Timeout.InfiniteTimeSpan);
    }

    private void Expire()
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _timerDue, long.MaxValue);
            long deadline = Volatile.Read(ref _deadline);
            if (deadline == long.MaxValue)
            {
                return; // nothing is waited for; the next wait sets it again
            }

            if (_time.GetElapsedTime(_time.GetTimestamp(), deadline) is var left && left > TimeSpan.Zero)
            {
                SetTimer(left < Shortest ? Shortest : left, deadline);
                return;
            }
        }

        _isTimedOut = true;
        // Closes the socket, which ends whatever waits on it; a server that was late once is not asked again.
        _stream.Dispose();
    }
}
