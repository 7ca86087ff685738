using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace Relay.Smtp.Sockets;

/// <summary>
/// What comes in on a socket. Nothing is read ahead of the session, and a session that waits holds no buffer.
/// </summary>
internal sealed class LoopReader(Socket socket) : PipeReader
{
    private const int FirstBuffer = 4 * 1024;
    private const int LargestRead = 64 * 1024;

    // So many reads in a row without waiting, and the rest goes to the pool: the loop has others to serve.
    private const int ReadsInARow = 16;

    private readonly Readiness _ready = new();
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _wanted = FirstBuffer;
    private int _row;
    private bool _examined = true;
    private bool _isAtEnd;
    private ReadOnlySequence<byte> _shown;
    private volatile bool _canceled;
    private volatile bool _hasHungUp;
    private volatile ConnectionAbortedException? _aborted;

    /// <summary>Called by the loop.</summary>
    public void Signal(bool hasHungUp)
    {
        if (hasHungUp)
        {
            _hasHungUp = true;
        }

        _ready.Signal();
    }

    /// <summary>Reading fails from now on.</summary>
    public void Abort(ConnectionAbortedException reason)
    {
        _aborted = reason;
        _ready.Signal();
    }

    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="ConnectionAbortedException">It was given up.</exception>
    public override bool TryRead(out ReadResult result)
    {
        var isCanceled = _canceled;
        if (isCanceled)
        {
            _canceled = false;
        }
        else if (_examined && !_isAtEnd && !TryReceive())
        {
            result = default;
            return false;
        }

        _shown = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        result = new ReadResult(_shown, isCanceled, _isAtEnd);
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead(out var result) ? new(result) : WaitAndReadAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_shown.IsEmpty)
        {
            _examined = true;
            return;
        }

        var taken = (int)_shown.Slice(_shown.Start, consumed).Length;
        _examined = _shown.Slice(examined).IsEmpty;
        _start += taken;
        if (_start == _end)
        {
            ReturnBuffer();
        }
    }

    public override void CancelPendingRead()
    {
        _canceled = true;
        _ready.Signal();
    }

    public override void Complete(Exception? exception = null)
    {
        _isAtEnd = true;
        ReturnBuffer();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAndReadAsync(CancellationToken ct)
    {
        // Under TLS a session is called back from its wait by the token alone.
        using var calledBack = _ready.SignalAt(ct);
        if (_row >= ReadsInARow)
        {
            await Task.Yield();
        }

        _row = 0;
        ReadResult result;
        while (!TryRead(out result))
        {
            ct.ThrowIfCancellationRequested();
            await _ready.WaitAsync();
        }

        return result;
    }

    private bool TryReceive()
    {
        if (_aborted is { } aborted)
        {
            throw new ConnectionAbortedException(aborted.Message, aborted);
        }

        if (_row >= ReadsInARow || !_ready.TryTake())
        {
            return false;
        }

        MakeRoom();
        var room = Math.Min(_buffer.Length - _end, LargestRead);
        var count = socket.Receive(_buffer.AsSpan(_end, room), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            ReturnIfEmpty();
            return false;
        }

        if (error != SocketError.Success)
        {
            throw new IOException($"The connection broke: {error}.", new SocketException((int)error));
        }

        Take(count, isFull: count == room);
        return true;
    }

    private void Take(int count, bool isFull)
    {
        _end += count;
        _isAtEnd = count == 0;
        _examined = false;
        _row++;
        // Only a read that fills its buffer, and the end of the stream, leave something to be asked for: epoll(7), Q9.
        if (isFull || _hasHungUp)
        {
            _ready.Signal();
        }

        _wanted = isFull ? Math.Min(_wanted * 4, LargestRead) : FirstBuffer;
        ReturnIfEmpty();
    }

    private void MakeRoom()
    {
        if (_buffer.Length - _end >= FirstBuffer / 2)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_wanted, (_end - _start) * 2));
        _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
        var length = _end - _start;
        ReturnBuffer();
        _buffer = larger;
        _end = length;
    }

    private void ReturnIfEmpty()
    {
        if (_start == _end)
        {
            ReturnBuffer();
        }
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = [];
        _shown = default;
        _start = _end = 0;
    }
}
