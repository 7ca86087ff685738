using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Relay.TestKit.Mail;

/// <summary>The connection of one session: lines in, replies out, and the misbehaviour that was ordered.</summary>
internal sealed class MailServerChannel : IAsyncDisposable
{
    private readonly RecordingMailServer _server;
    private readonly Socket _socket;
    private readonly int _number;
    private Stream _stream;
    private WireLineReader _reader;

    internal MailServerChannel(RecordingMailServer server, Socket socket, int number)
    {
        (_server, _socket, _number) = (server, socket, number);
        socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new WireLineReader(_stream);
    }

    internal bool IsTls { get; private set; }

    /// <summary>Whether something has come that was not read yet.</summary>
    internal bool HasMore => _reader.HasMore;

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    internal async ValueTask<byte[]?> LineAsync(CancellationToken stop) => await _reader.LineAsync(stop);

    internal async ValueTask<byte[]?> OctetsAsync(int count, CancellationToken stop) => await _reader.OctetsAsync(count, stop);

    internal void Heard(string command) => _server.Note($"{_number} C: {command}");

    internal async Task<bool> SayAsync(string reply, CancellationToken stop)
    {
        foreach (string line in reply.Split('\n'))
        {
            _server.Note($"{_number} S: {line}");
        }

        await _stream.WriteAsync(Encoding.UTF8.GetBytes(reply.Replace("\n", "\r\n") + "\r\n"), stop);
        return true;
    }

    /// <summary>Says something and takes the next line as the answer to it.</summary>
    internal async Task<string> AskAsync(string challenge, CancellationToken stop)
    {
        await SayAsync(challenge, stop);
        byte[] line = await _reader.LineAsync(stop) ?? throw new IOException("The sender left in the middle of AUTH.");
        return Encoding.ASCII.GetString(line).TrimEnd();
    }

    /// <summary>Does as usual, or as ordered. True: agreed. False: refused, go on. Null: the connection has ended.</summary>
    internal async Task<bool?> FollowAsync(MailServerOrder? order, string usual, CancellationToken stop)
    {
        switch (order)
        {
            case MailServerOrder.Answer answer:
                await SayAsync(answer.Reply, stop);
                return answer.Reply.StartsWith("421", StringComparison.Ordinal) ? null : answer.Reply[0] is '2' or '3';
            case MailServerOrder.Hang:
                _server.Note($"{_number} S: (hangs)");
                await ReadToTheEndAsync(stop);
                return null;
            case MailServerOrder.Cut:
                Reset();
                return null;
            case MailServerOrder.CutInData cut:
                await SayAsync(usual, stop);
                await _reader.SkipAsync(cut.AfterOctets, stop);
                Reset();
                return null;
            case MailServerOrder.Wait wait:
                await Task.Delay(wait.Duration, stop);
                break;
        }

        return await SayAsync(usual, stop);
    }

    internal async Task SecureAsync(X509Certificate2 certificate, CancellationToken stop)
    {
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
        _reader = new WireLineReader(secured);
        IsTls = true;
    }

    private async Task ReadToTheEndAsync(CancellationToken stop)
    {
        // Ends when the sender gives up.
        byte[] ignored = new byte[1024];
        while (await _stream.ReadAsync(ignored, stop) > 0)
        {
        }
    }

    private void Reset()
    {
        _server.Note($"{_number} S: (resets the connection)");
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }
}
