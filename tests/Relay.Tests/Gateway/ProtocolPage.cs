using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>Plays the blocks of docs/protocol.md, in the order of the page.</summary>
internal sealed partial class ProtocolPage(TestGateway gateway)
{
    private readonly Dictionary<string, string> _names = [];
    private int _mailsRead;

    public static IReadOnlyList<(string Kind, string Text)> Blocks(string page) =>
        [.. Fence().Matches(page.ReplaceLineEndings("\n")).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    public async Task PlayAsync(string kind, string text)
    {
        switch (kind)
        {
            case "smtp":
                await DialogueAsync(text);
                break;
            case "mail":
                CheckMail(text, (await gateway.Smarthost.MailsAsync(++_mailsRead))[_mailsRead - 1]);
                break;
            case "exchange":
                var arrival = Arrival().Match(text);
                Assert.True(arrival.Success, text);
                await gateway.StreamingAsync();
                gateway.Exchange.DeliverMail(arrival.Groups[2].Value, arrival.Groups[3].Value, arrival.Groups[1].Value);
                break;
            default:
                Assert.Fail($"No block is called {kind}.");
                break;
        }
    }

    private async Task DialogueAsync(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", gateway.Port);
        client.ReceiveTimeout = 10_000;
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        string? held = null;
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("C:", StringComparison.Ordinal))
            {
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Filled(line.Length > 3 ? line[3..] : "") + "\r\n"));
                continue;
            }

            string expected = line["S: ".Length..];
            if (expected == "…")
            {
                held = await RestOfReplyAsync(reader);
                continue;
            }

            Matches(expected, held ?? await reader.ReadLineAsync() ?? "closed");
            held = null;
        }
    }

    // "S: …" alone stands for the rest of a reply of several lines.
    private static async Task<string?> RestOfReplyAsync(StreamReader reader)
    {
        string line;
        do
        {
            line = await reader.ReadLineAsync() ?? "closed";
        }
        while (line.Length > 3 && line[3] == '-');

        return null;
    }

    private void CheckMail(string text, RecordedMail mail)
    {
        string[] parts = text.Split("\n\n", 2);
        foreach (string line in parts[0].Split('\n'))
        {
            string actual = line.StartsWith("MAIL FROM:", StringComparison.Ordinal) ? $"MAIL FROM:<{mail.Sender}>"
                : line.StartsWith("RCPT TO:", StringComparison.Ordinal) ? $"RCPT TO:<{mail.Recipient}>"
                : $"{line[..line.IndexOf(':', StringComparison.Ordinal)]}: {mail.Field(line[..line.IndexOf(':', StringComparison.Ordinal)])}";
            Matches(line, actual);
        }

        Matches(parts[1].TrimEnd('\n'), mail.BodyText.TrimEnd('\n'));
    }

    private void Matches(string expected, string actual)
    {
        var seen = new HashSet<string>();
        string pattern = Part().Replace(expected, part => part.Value switch
        {
            "…" => ".*?",
            ['{', .. var name, '}'] when _names.TryGetValue(name, out string? known) => Regex.Escape(known),
            ['{', .. var name, '}'] => seen.Add(name) ? $"(?<{name}>[^<\"]+?)" : $"\\k<{name}>",
            var literal => Regex.Escape(literal),
        });
        var match = Regex.Match(actual, $"^{pattern}$", RegexOptions.Singleline, TimeSpan.FromSeconds(5));
        Assert.True(match.Success, $"The page says\n{expected}\nthe gateway says\n{actual}");
        foreach (string name in seen)
        {
            _names[name] = match.Groups[name].Value;
        }
    }

    private string Filled(string text) => _names.Aggregate(text, (filled, name) => filled.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));

    [GeneratedRegex("^```(smtp|mail|exchange)\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^A mail from (\S+) arrives for (\S+): (.+)$", RegexOptions.Multiline)]
    private static partial Regex Arrival();

    [GeneratedRegex(@"…|\{[A-Za-z0-9]+\}|[^…{]+|\{")]
    private static partial Regex Part();
}
