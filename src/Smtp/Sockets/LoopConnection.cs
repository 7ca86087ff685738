using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Relay.Smtp.Sockets;

/// <summary>A connection whose session runs on the loop that watches its socket.</summary>
internal sealed class LoopConnection : ConnectionContext, IDuplexPipe, IReadyTarget
{
    private readonly Socket _socket;
    private readonly ReadyLoop _loop;
    private readonly LoopReader _input;
    private readonly LoopWriter _output;
    private readonly long _watch;

    /// <param name="socket">Accepted; does not block.</param>
    /// <param name="loop">Whose thread runs the session.</param>
    /// <param name="id">For the log.</param>
    public LoopConnection(Socket socket, ReadyLoop loop, string id)
    {
        _socket = socket;
        _loop = loop;
        _input = new LoopReader(socket);
        _output = new LoopWriter(socket);
        ConnectionId = id;
        RemoteEndPoint = socket.RemoteEndPoint;
        _watch = loop.Watch(socket, Epoll.In | Epoll.Out | Epoll.PeerHangUp, this);
    }

    public override string ConnectionId { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("The pipes are the socket's.");
    }

    public override IFeatureCollection Features => throw new NotSupportedException("There are none.");

    public override IDictionary<object, object?> Items
    {
        get => throw new NotSupportedException("There are none.");
        set => throw new NotSupportedException("There are none.");
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    /// <summary>Where what comes in is read.</summary>
    public SessionThread Thread => SessionThread.Of(_loop);

    public void OnReady(uint events)
    {
        var hasHungUp = (events & (Epoll.PeerHangUp | Epoll.HangUp | Epoll.Error)) != 0;
        if (hasHungUp || (events & Epoll.Out) != 0)
        {
            _output.Signal();
        }

        if (hasHungUp || (events & Epoll.In) != 0)
        {
            _input.Signal(hasHungUp);
        }
    }

    /// <summary>Reading and writing fail from now on, also where they wait.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _output.Abort(abortReason);
        _input.Abort(abortReason);
    }

    /// <summary>The client reads the end behind what was sent, and may go on sending; false where it has gone.</summary>
    public bool TryEndOutput()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (SocketException)
        {
            return false; // It was reset between: nobody reads any more.
        }
    }

    public override ValueTask DisposeAsync()
    {
        _loop.Forget(_watch);
        _socket.Dispose();
        return base.DisposeAsync();
    }
}
