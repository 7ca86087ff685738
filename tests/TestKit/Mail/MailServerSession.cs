using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Relay.TestKit.Mail;

/// <summary>One connection to a <see cref="RecordingMailServer"/>: reads commands, keeps the state, answers or follows an order.</summary>
internal sealed class MailServerSession : IAsyncDisposable
{
    private const int LongestCommand = 512;
    private const int LongestTextLine = 1_000;

    private readonly RecordingMailServer _server;
    private readonly RecordingMailServerOptions _options;
    private readonly Socket _socket;
    private readonly int _number;
    private readonly List<RecordedRecipient> _recipients = [];
    private Stream _stream;
    private WireLineReader _reader;
    private bool _greeted;
    private bool _tls;
    private string? _account;
    private string? _sender;
    private string _senderParameters = "";

    internal MailServerSession(RecordingMailServer server, RecordingMailServerOptions options, Socket socket, int number)
    {
        (_server, _options, _socket, _number) = (server, options, socket, number);
        socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new WireLineReader(_stream);
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    internal async Task RunAsync(CancellationToken stop)
    {
        if (_options.ImplicitTls)
        {
            await SecureAsync(stop);
        }

        bool goesOn = await AnswerAsync(MailServerStage.Connect, "220 recorder.test ESMTP", stop) is not null;
        while (goesOn && await _reader.LineAsync(stop) is { } line)
        {
            string command = Encoding.Latin1.GetString(line.AsSpan(0, line.Length - 2));
            _server.Note($"{_number} C: {command}");
            Check(command, line.Length);
            goesOn = await ExecuteAsync(command, stop);
        }
    }

    private static (string Verb, string Arguments) Cut(string command)
    {
        int space = command.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (command.ToUpperInvariant(), "") : (command[..space].ToUpperInvariant(), command[(space + 1)..]);
    }

    /// <summary>"FROM:&lt;a@b&gt; SIZE=3" → "a@b" and "SIZE=3"; null when it is not that.</summary>
    private static (string Address, string Parameters)? Path(string rest, string keyword)
    {
        if (!rest.StartsWith($"{keyword}:<", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        int end = rest.LastIndexOf('>');
        return end < 0 ? null : (rest[(keyword.Length + 2)..end], rest[(end + 1)..].Trim());
    }

    private Task<bool> ExecuteAsync(string command, CancellationToken stop)
    {
        (string verb, string rest) = Cut(command);
        return verb switch
        {
            "EHLO" or "HELO" or "LHLO" => HelloAsync(verb, stop),
            "STARTTLS" => StartTlsAsync(stop),
            "AUTH" => AuthAsync(rest, stop),
            "MAIL" => MailAsync(Path(rest, "FROM"), stop),
            "RCPT" => RecipientAsync(Path(rest, "TO"), stop),
            "DATA" => DataAsync(stop),
            "RSET" => ResetAsync(stop),
            "NOOP" => SayAsync("250 2.0.0 OK", stop),
            "QUIT" => QuitAsync(stop),
            _ => SayAsync("500 5.5.1 unknown command", stop),
        };
    }

    private async Task<bool> HelloAsync(string verb, CancellationToken stop)
    {
        var lines = new List<string> { "recorder.test" };
        if (verb != "HELO")
        {
            lines.AddRange(_options.Extensions);
            lines.AddRange(_options.Certificate is not null && !_tls ? ["STARTTLS"] : []);
            lines.AddRange(_options.Accounts.Count > 0 ? ["AUTH PLAIN LOGIN"] : []);
        }

        string reply = string.Join('\n', lines.Select((line, at) => (at == lines.Count - 1 ? "250 " : "250-") + line));
        bool? agreed = await AnswerAsync(MailServerStage.Hello, reply, stop);
        _greeted |= agreed == true;
        Forget();
        return agreed is not null;
    }

    private async Task<bool> StartTlsAsync(CancellationToken stop)
    {
        if (_options.Certificate is null || _tls)
        {
            return await SayAsync("502 5.5.1 not offered", stop);
        }

        if (_reader.HasMore)
        {
            _server.Complain("Something was sent after STARTTLS before its reply (RFC 3207 §4).");
        }

        bool? agreed = await AnswerAsync(MailServerStage.StartTls, "220 2.0.0 go ahead", stop);
        if (agreed == true)
        {
            await SecureAsync(stop);
            _greeted = false;
            Forget();
        }

        return agreed is not null;
    }

    private async Task<bool> AuthAsync(string rest, CancellationToken stop)
    {
        (string mechanism, string initial) = Cut(rest);
        string[] proof = mechanism == "PLAIN"
            ? Decode(initial.Length > 0 ? initial : await AskAsync("334 ", stop)).Split('\0')
            : ["", Decode(initial.Length > 0 ? initial : await AskAsync("334 VXNlcm5hbWU6", stop)), Decode(await AskAsync("334 UGFzc3dvcmQ6", stop))];
        if (proof.Length != 3 || !_options.Accounts.TryGetValue(proof[1], out string? password) || password != proof[2])
        {
            return await SayAsync("535 5.7.8 no such account or password", stop);
        }

        bool? agreed = await AnswerAsync(MailServerStage.Auth, "235 2.7.0 welcome", stop);
        _account = agreed == true ? proof[1] : _account;
        return agreed is not null;
    }

    private async Task<bool> MailAsync((string Address, string Parameters)? path, CancellationToken stop)
    {
        if (path is not { } from)
        {
            return await SayAsync("501 5.5.4 MAIL FROM:<address>", stop);
        }

        if (!_greeted || _sender is not null)
        {
            _server.Complain($"MAIL came out of order (greeted: {_greeted}, sender known: {_sender is not null}).");
            return await SayAsync("503 5.5.1 not now", stop);
        }

        if (_options.Accounts.Count > 0 && _account is null)
        {
            return await SayAsync("530 5.7.0 authenticate first", stop);
        }

        bool? agreed = await AnswerAsync(MailServerStage.Mail, "250 2.1.0 OK", stop);
        (_sender, _senderParameters) = agreed == true ? (from.Address, from.Parameters) : (null, "");
        return agreed is not null;
    }

    private async Task<bool> RecipientAsync((string Address, string Parameters)? path, CancellationToken stop)
    {
        if (path is not { Address.Length: > 0 } to)
        {
            return await SayAsync("501 5.5.4 RCPT TO:<address>", stop);
        }

        if (_sender is null)
        {
            return await SayAsync("503 5.5.1 MAIL first", stop);
        }

        bool? agreed = await AnswerAsync(MailServerStage.Recipient, "250 2.1.5 OK", stop, to.Address);
        if (agreed == true)
        {
            _recipients.Add(new RecordedRecipient(to.Address, to.Parameters));
        }

        return agreed is not null;
    }

    private async Task<bool> DataAsync(CancellationToken stop)
    {
        if (_recipients.Count == 0)
        {
            // A pipelining sender cannot know yet that every recipient was refused: no complaint.
            return await SayAsync("554 5.5.1 no valid recipients", stop);
        }

        MailServerOrder? order = _server.OrderAt(MailServerStage.Data, recipient: null);
        if (order is MailServerOrder.CutInData cut)
        {
            await SayAsync("354 go ahead", stop);
            await _reader.SkipAsync(cut.AfterOctets, stop);
            Reset();
            return false;
        }

        bool? agreed = await FollowAsync(order, "354 go ahead", stop);
        if (agreed != true)
        {
            Forget();
            return agreed is not null;
        }

        return await ContentAsync(stop) is { } content && await KeepAsync(content, stop);
    }

    private async Task<byte[]?> ContentAsync(CancellationToken stop)
    {
        using var content = new MemoryStream();
        while (await _reader.LineAsync(stop) is { } line)
        {
            if (line.AsSpan().SequenceEqual(".\r\n"u8))
            {
                return content.ToArray();
            }

            ReadOnlySpan<byte> text = line.AsSpan(line[0] == '.' ? 1 : 0);
            CheckText(text);
            content.Write(text);
        }

        return null;
    }

    private async Task<bool> KeepAsync(byte[] content, CancellationToken stop)
    {
        MailServerOrder? order = _server.OrderAt(MailServerStage.Content, recipient: null);
        bool accepts = order is null or MailServerOrder.Wait or MailServerOrder.Answer { Reply: ['2', ..] };
        RecordedRecipient[] recipients = [.. _recipients];
        (string sender, string parameters) = (_sender!, _senderParameters);
        _server.Record(number => new RecordedMail(
            number, _number, sender, parameters, recipients, content, accepts, _tls, _account));
        Forget();
        return await FollowAsync(order, "250 2.0.0 OK", stop) is not null;
    }

    private async Task<bool> ResetAsync(CancellationToken stop)
    {
        Forget();
        return await SayAsync("250 2.0.0 OK", stop);
    }

    private async Task<bool> QuitAsync(CancellationToken stop)
    {
        await SayAsync("221 2.0.0 bye", stop);
        return false;
    }

    private Task<bool?> AnswerAsync(MailServerStage stage, string usual, CancellationToken stop, string? recipient = null) =>
        FollowAsync(_server.OrderAt(stage, recipient), usual, stop);

    /// <summary>True: agreed. False: refused, go on. Null: the connection has ended.</summary>
    private async Task<bool?> FollowAsync(MailServerOrder? order, string usual, CancellationToken stop)
    {
        switch (order)
        {
            case MailServerOrder.Answer answer:
                await SayAsync(answer.Reply, stop);
                return answer.Reply.StartsWith("421", StringComparison.Ordinal) ? null : answer.Reply[0] is '2' or '3';
            case MailServerOrder.Hang:
                _server.Note($"{_number} S: (hangs)");
                await HangAsync(stop);
                return null;
            case MailServerOrder.Cut or MailServerOrder.CutInData:
                Reset();
                return null;
            case MailServerOrder.Wait wait:
                await Task.Delay(wait.Duration, stop);
                break;
        }

        return await SayAsync(usual, stop);
    }

    private async Task HangAsync(CancellationToken stop)
    {
        // Ends when the sender gives up.
        byte[] ignored = new byte[1024];
        while (await _stream.ReadAsync(ignored, stop) > 0)
        {
        }
    }

    private async Task<bool> SayAsync(string reply, CancellationToken stop)
    {
        foreach (string line in reply.Split('\n'))
        {
            _server.Note($"{_number} S: {line}");
        }

        await _stream.WriteAsync(Encoding.UTF8.GetBytes(reply.Replace("\n", "\r\n") + "\r\n"), stop);
        return true;
    }

    private async Task<string> AskAsync(string challenge, CancellationToken stop)
    {
        await SayAsync(challenge, stop);
        byte[] line = await _reader.LineAsync(stop) ?? throw new IOException("The sender left in the middle of AUTH.");
        return Encoding.ASCII.GetString(line).TrimEnd();
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private async Task SecureAsync(CancellationToken stop)
    {
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _options.Certificate }, stop);
        _reader = new WireLineReader(secured);
        _tls = true;
    }

    private void Reset()
    {
        _server.Note($"{_number} S: (resets the connection)");
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    private void Forget()
    {
        _sender = null;
        _senderParameters = "";
        _recipients.Clear();
    }

    private void Check(string command, int octets)
    {
        if (octets > LongestCommand && !command.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase))
        {
            _server.Complain($"A command of {octets} octets (RFC 5321 §4.5.3.1.4).");
        }

        if (command.AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            _server.Complain("A bare CR or LF in a command.");
        }

        if (_reader.HasMore && !_options.Extensions.Contains("PIPELINING"))
        {
            _server.Complain($"Pipelined after \"{command}\", which was not offered (RFC 2920).");
        }
    }

    private void CheckText(ReadOnlySpan<byte> line)
    {
        if (line.Length > LongestTextLine)
        {
            _server.Complain($"A text line of {line.Length} octets (RFC 5321 §4.5.3.1.6).");
        }

        if (line[..^2].IndexOfAny((byte)'\r', (byte)'\n') >= 0)
        {
            _server.Complain("A bare CR or LF in the content (RFC 5321 §2.3.8).");
        }

        if (line.IndexOfAnyExceptInRange((byte)1, (byte)127) >= 0 && !_senderParameters.Contains("BODY=8BITMIME", StringComparison.OrdinalIgnoreCase))
        {
            _server.Complain("An octet outside 1..127 in the content, not announced by BODY=8BITMIME (RFC 6152).");
        }
    }
}
