using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Relay.Smtp.Tests.Transcripts;

/// <summary>Plays the client's part of a transcript to a server, over TCP, and holds the server's part against what comes.</summary>
internal sealed partial class TranscriptPlayer(Transcript transcript, TranscriptPace pace) : IAsyncDisposable
{
    // A bound on waiting for a server that has nothing to say; nothing waits that long when all is well.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[4096];
    private readonly List<byte> _received = [];

    public async Task PlayAsync(IPEndPoint server)
    {
        await _socket.ConnectAsync(server);
        for (var i = 0; i < transcript.Steps.Count; i++)
        {
            switch (transcript.Steps[i])
            {
                case TranscriptStep.Send:
                    var turn = transcript.Steps.Skip(i).TakeWhile(step => step is TranscriptStep.Send).Cast<TranscriptStep.Send>().ToList();
                    await SendAsync(turn);
                    i += turn.Count - 1;
                    break;
                case TranscriptStep.Expect expect:
                    Check(expect, await ReadLineAsync());
                    break;
                case TranscriptStep.ServerCloses closes:
                    Assert.True(await ReadLineAsync() is null, $"line {closes.LineNumber}: the server goes on");
                    break;
                case TranscriptStep.ClientCloses:
                    _socket.Shutdown(SocketShutdown.Both);
                    break;
                default:
                    throw new InvalidOperationException();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SendAsync(List<TranscriptStep.Send> turn)
    {
        var writes = pace switch
        {
            TranscriptPace.Whole => [turn.SelectMany(step => step.Octets).ToArray()],
            TranscriptPace.ByLine => turn.Select(step => step.Octets),
            _ => turn.SelectMany(step => step.Octets).Select(octet => new[] { octet }),
        };
        try
        {
            foreach (var octets in writes)
            {
                await _socket.SendAsync(octets);
            }
        }
        catch (SocketException)
        {
            // The server hung up before it had everything: what it said last is what the transcript goes on with.
        }
    }

    private void Check(TranscriptStep.Expect expected, string? line)
    {
        var pattern = "^" + Regex.Escape(expected.Pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$";
        Assert.True(line is not null && Regex.IsMatch(line, pattern), $"line {expected.LineNumber} ({pace}): expected {expected.Pattern}, got {line ?? "the end"}");
    }

    /// <summary>RFC 2034 §4, in every line of every dialogue: a status of the reply's own class, but not on greetings, on replies to EHLO, refusals among them, and on 3yz.</summary>
    private static void CheckStatus(string line)
    {
        var status = StatusOf().Match(line);
        var mayLack = line[0] == '3' || Unmarked().IsMatch(line);
        Assert.True(mayLack ? line[0] != '3' || !status.Success : status.Success && status.Groups[1].Value[0] == line[0], $"the status of: {line}");
    }

    [GeneratedRegex(@"^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3}) ")]
    private static partial Regex StatusOf();

    [GeneratedRegex("^(220 mx.example |250[ -](mx.example$|PIPELINING|SIZE |8BITMIME|SMTPUTF8|ENHANCEDSTATUSCODES|CHUNKING|DSN|STARTTLS|AUTH |XCLIENT )|50[01] (this is L?S?MTP|needs a domain))")]
    private static partial Regex Unmarked();

    private async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            var end = _received.IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.UTF8.GetString(_received.GetRange(0, end + 1).ToArray());
                _received.RemoveRange(0, end + 1);
                Assert.EndsWith("\r\n", line);
                CheckStatus(line[..^2]);
                return line[..^2];
            }

            using var patience = new CancellationTokenSource(Patience);
            var count = await ReceiveAsync(patience.Token);
            if (count == 0)
            {
                Assert.Empty(_received);
                return null;
            }

            _received.AddRange(_buffer.AsSpan(0, count));
        }
    }

    private async Task<int> ReceiveAsync(CancellationToken ct)
    {
        try
        {
            return await _socket.ReceiveAsync(_buffer, SocketFlags.None, ct);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            // A server that closes while we write resets the connection: that is an end like any other.
            return 0;
        }
    }
}
