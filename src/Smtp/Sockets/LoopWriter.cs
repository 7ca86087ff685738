using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Relay.Smtp.Sockets;

/// <summary>What goes out on a socket: gathered, and sent by the thread that flushes.</summary>
internal sealed class LoopWriter(Socket socket) : PipeWriter
{
    private const int FirstBuffer = 1024;

    private readonly Readiness _ready = new();
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private volatile bool _canceled;
    private volatile ConnectionAbortedException? _aborted;

    /// <summary>Called by the loop.</summary>
    public void Signal() => _ready.Signal();

    /// <summary>Writing fails from now on.</summary>
    public void Abort(ConnectionAbortedException reason)
    {
        _aborted = reason;
        _ready.Signal();
    }

    public override void Advance(int bytes) => _end += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _end < Math.Max(sizeHint, 1))
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, (_end * 2) + sizeHint));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            Return();
            _buffer = larger;
        }

        return _buffer.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="ConnectionAbortedException">It was given up.</exception>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        TrySend() ? default : WaitAndSendAsync(cancellationToken);

    public override void CancelPendingFlush()
    {
        _canceled = true;
        _ready.Signal();
    }

    public override void Complete(Exception? exception = null) => Clear();

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        try
        {
            await FlushAsync();
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            // Nobody is there to be told any more.
        }

        Clear();
    }

    private async ValueTask<FlushResult> WaitAndSendAsync(CancellationToken ct)
    {
        using var calledBack = _ready.SignalAt(ct);
        do
        {
            await _ready.WaitAsync();
            ct.ThrowIfCancellationRequested();
            if (_canceled)
            {
                _canceled = false;
                return new FlushResult(isCanceled: true, isCompleted: false);
            }

            // What it is set for from now on is news.
            _ready.TryTake();
        }
        while (!TrySend());
        return default;
    }

    private bool TrySend()
    {
        while (_start < _end)
        {
            if (_aborted is { } aborted)
            {
                throw new ConnectionAbortedException(aborted.Message, aborted);
            }

            var count = socket.Send(_buffer.AsSpan(_start, _end - _start), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                return false;
            }

            if (error != SocketError.Success)
            {
                throw new IOException($"The connection broke: {error}.", new SocketException((int)error));
            }

            _start += count;
        }

        Clear();
        return true;
    }

    private void Clear()
    {
        Return();
        _buffer = [];
        _start = _end = 0;
    }

    private void Return()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
