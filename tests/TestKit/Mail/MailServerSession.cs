using System.Net.Sockets;
using System.Text;

namespace Relay.TestKit.Mail;

/// <summary>One session with a <see cref="RecordingMailServer"/>: reads commands, keeps the state, answers or follows an order.</summary>
internal sealed class MailServerSession : IAsyncDisposable
{
    private readonly RecordingMailServer _server;
    private readonly RecordingMailServerOptions _options;
    private readonly MailServerChannel _channel;
    private readonly SenderChecks _checks;
    private readonly int _number;
    private readonly List<RecordedRecipient> _recipients = [];
    private bool _greeted;
    private string? _account;
    private string? _sender;
    private string _senderParameters = "";

    internal MailServerSession(RecordingMailServer server, RecordingMailServerOptions options, Socket socket, int number)
    {
        (_server, _options, _number) = (server, options, number);
        _channel = new MailServerChannel(server, socket, number);
        _checks = new SenderChecks(server, options);
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    internal async Task RunAsync(CancellationToken stop)
    {
        if (_options is { ImplicitTls: true, Certificate: { } certificate })
        {
            await _channel.SecureAsync(certificate, stop);
        }

        bool goesOn = await AnswerAsync(MailServerStage.Connect, "220 recorder.test ESMTP", stop) is not null;
        while (goesOn && await _channel.LineAsync(stop) is { } line)
        {
            string command = Encoding.Latin1.GetString(line.AsSpan(0, line.Length - 2));
            _channel.Heard(command);
            _checks.Command(command, line.Length, _channel.HasMore);
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
            "BDAT" when _options.Extensions.Contains("CHUNKING") => ChunkAsync(rest, stop),
            "RSET" => ResetAsync(stop),
            "NOOP" => _channel.SayAsync("250 2.0.0 OK", stop),
            "QUIT" => QuitAsync(stop),
            _ => _channel.SayAsync("500 5.5.1 unknown command", stop),
        };
    }

    private async Task<bool> HelloAsync(string verb, CancellationToken stop)
    {
        var lines = new List<string> { "recorder.test" };
        if (verb != "HELO")
        {
            lines.AddRange(_options.Extensions);
            lines.AddRange(_options.Certificate is not null && !_channel.IsTls ? ["STARTTLS"] : []);
            lines.AddRange(_options.Accounts.Count > 0 ? [$"AUTH {_options.Mechanisms}"] : []);
        }

        string reply = string.Join('\n', lines.Select((line, at) => (at == lines.Count - 1 ? "250 " : "250-") + line));
        bool? agreed = await AnswerAsync(MailServerStage.Hello, reply, stop);
        _greeted |= agreed == true;
        Forget();
        return agreed is not null;
    }

    private async Task<bool> StartTlsAsync(CancellationToken stop)
    {
        if (_options.Certificate is not { } certificate || _channel.IsTls)
        {
            return await _channel.SayAsync("502 5.5.1 not offered", stop);
        }

        if (_channel.HasMore)
        {
            _checks.BehindStartTls();
        }

        bool? agreed = await AnswerAsync(MailServerStage.StartTls, "220 2.0.0 go ahead", stop);
        if (agreed == true)
        {
            await _channel.SecureAsync(certificate, stop);
            _greeted = false;
            Forget();
        }

        return agreed is not null;
    }

    private async Task<bool> AuthAsync(string rest, CancellationToken stop)
    {
        (string mechanism, string initial) = Cut(rest);
        string[] proof = mechanism == "PLAIN"
            ? Decode(initial.Length > 0 ? initial : await _channel.AskAsync("334 ", stop)).Split('\0')
            : mechanism == "XOAUTH2" ? BearerIn(Decode(initial))
            : [
                "",
                Decode(initial.Length > 0 ? initial : await _channel.AskAsync("334 VXNlcm5hbWU6", stop)),
                Decode(await _channel.AskAsync("334 UGFzc3dvcmQ6", stop)),
            ];
        if (proof.Length != 3 || !_options.Accounts.TryGetValue(proof[1], out string? password) || password != proof[2])
        {
            return await _channel.SayAsync("535 5.7.8 no such account or password", stop);
        }

        bool? agreed = await AnswerAsync(MailServerStage.Auth, "235 2.7.0 welcome", stop);
        _account = agreed == true ? proof[1] : _account;
        return agreed is not null;
    }

    // https://developers.google.com/workspace/gmail/imap/xoauth2-protocol: user=NAME ^A auth=Bearer TOKEN ^A ^A
    private static string[] BearerIn(string said) => said.Split('\u0001') is [var user, var token, "", ""]
        && user.StartsWith("user=", StringComparison.Ordinal) && token.StartsWith("auth=Bearer ", StringComparison.Ordinal)
            ? ["", user["user=".Length..], token["auth=Bearer ".Length..]]
            : [];

    private async Task<bool> MailAsync((string Address, string Parameters)? path, CancellationToken stop)
    {
        if (path is not { } from)
        {
            return await _channel.SayAsync("501 5.5.4 MAIL FROM:<address>", stop);
        }

        if (!_greeted || _sender is not null)
        {
            _checks.OutOfOrder("MAIL");
            return await _channel.SayAsync("503 5.5.1 not now", stop);
        }

        if (_options.Accounts.Count > 0 && _account is null)
        {
            return await _channel.SayAsync("530 5.7.0 authenticate first", stop);
        }

        bool? agreed = await AnswerAsync(MailServerStage.Mail, "250 2.1.0 OK", stop);
        (_sender, _senderParameters) = agreed == true ? (from.Address, from.Parameters) : (null, "");
        return agreed is not null;
    }

    private async Task<bool> RecipientAsync((string Address, string Parameters)? path, CancellationToken stop)
    {
        if (path is not { Address.Length: > 0 } to)
        {
            return await _channel.SayAsync("501 5.5.4 RCPT TO:<address>", stop);
        }

        if (_sender is null)
        {
            return await _channel.SayAsync("503 5.5.1 MAIL first", stop);
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
            return await _channel.SayAsync("554 5.5.1 no valid recipients", stop);
        }

        bool? agreed = await AnswerAsync(MailServerStage.Data, "354 go ahead", stop);
        if (agreed != true)
        {
            Forget();
            return agreed is not null;
        }

        return await ContentAsync(stop) is { } content && await KeepAsync(content, stop);
    }

    /// <summary>RFC 3030 §2: one chunk, which has to be the last.</summary>
    private async Task<bool> ChunkAsync(string rest, CancellationToken stop)
    {
        if (rest.Split(' ') is not [var length, "LAST"] || !int.TryParse(length, out int octets) || octets > 100_000_000)
        {
            return await _channel.SayAsync("501 5.5.4 BDAT length LAST", stop);
        }

        if (await _channel.OctetsAsync(octets, stop) is not { } content)
        {
            return false;
        }

        if (_recipients.Count == 0)
        {
            Forget();
            return await _channel.SayAsync("503 5.5.1 no valid recipients", stop);
        }

        _checks.Chunk(content);
        bool? agreed = _server.OrderAt(MailServerStage.Data, recipient: null) is { } order ? await _channel.FollowAsync(order, "250 2.0.0 OK", stop) : true;
        if (agreed == true)
        {
            return await KeepAsync(content, stop);
        }

        return agreed is not null;
    }

    private async Task<byte[]?> ContentAsync(CancellationToken stop)
    {
        using var content = new MemoryStream();
        while (await _channel.LineAsync(stop) is { } line)
        {
            if (line.AsSpan().SequenceEqual(".\r\n"u8))
            {
                return content.ToArray();
            }

            ReadOnlySpan<byte> text = line.AsSpan(line[0] == '.' ? 1 : 0);
            _checks.TextLine(text, _senderParameters);
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
            number, _number, sender, parameters, recipients, content, accepts, _channel.IsTls, _account));
        Forget();
        return await _channel.FollowAsync(order, "250 2.0.0 OK", stop) is not null;
    }

    private async Task<bool> ResetAsync(CancellationToken stop)
    {
        Forget();
        return await _channel.SayAsync("250 2.0.0 OK", stop);
    }

    private async Task<bool> QuitAsync(CancellationToken stop)
    {
        await _channel.SayAsync("221 2.0.0 bye", stop);
        return false;
    }

    private Task<bool?> AnswerAsync(MailServerStage stage, string usual, CancellationToken stop, string? recipient = null) =>
        _channel.FollowAsync(_server.OrderAt(stage, recipient), usual, stop);

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private void Forget()
    {
        _sender = null;
        _senderParameters = "";
        _recipients.Clear();
    }
}
