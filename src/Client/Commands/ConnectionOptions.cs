using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Relay.Client.Mail;
using Relay.Wire.Smtp;

namespace Relay.Client.Commands;

/// <summary>The options that every command has: where the relay is, who we are, and where its answers reach us.</summary>
internal sealed class ConnectionOptions
{
    private readonly TransportOptions _transport = new();

    private readonly Option<IPEndPoint> _listen = new("--listen", "--listen-on")
    {
        Description = "Where this program takes the relay's mail; the relay's smarthost setting points here",
        HelpName = "ADDRESS:PORT",
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 8024),
        CustomParser = ParseListen,
    };

    private readonly Option<MailAddress?> _from =
        AddressOption.Create("--from", "Our own mail address: answers and notifications come to it", "app@localhost");

    private readonly Option<MailAddress?> _to =
        AddressOption.Create("--to", "The service's address (default: calendar@localhost for month, ews@localhost for the others)");

    private readonly Option<int> _wait = new("--wait")
    {
        Description = "Seconds to wait for an answer",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

    private readonly Option<bool> _noWait = new("--no-wait")
    {
        Description = "Send and do not listen: the answer goes to the relay-client that does",
    };

    public ConnectionOptions() => _wait.Validators.Add(Ranges.Between(1, 86_400));

    public Option<bool> Json { get; } = new("--json") { Description = "Print each result as one line of JSON" };

    public void AddTo(Command root)
    {
        foreach (Option option in _transport.All.Concat([_listen, _from, _to, _wait, _noWait, Json]))
        {
            option.Recursive = true;
            root.Options.Add(option);
        }
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="defaultLocalPart">The service's local part where <c>--to</c> is not given.</param>
    public MailAddress Service(ParseResult parsed, string defaultLocalPart) =>
        parsed.GetValue(_to) ?? AddressOption.Of($"{defaultLocalPart}@localhost");

    /// <exception cref="IOException">The password file cannot be read.</exception>
    public RelayMailOptions MailOptions(ParseResult parsed, bool takesNotifications) => new()
    {
        From = parsed.GetValue(_from)!,
        Server = _transport.Read(parsed),
        Listen = parsed.GetValue(_noWait) && !takesNotifications ? null : parsed.GetValue(_listen),
        AnswerTimeout = TimeSpan.FromSeconds(parsed.GetValue(_wait)),
        TakesNotifications = takesNotifications,
    };

    private static IPEndPoint? ParseListen(ArgumentResult result)
    {
        if (!IPEndPoint.TryParse(result.Tokens[0].Value, out IPEndPoint? endPoint))
        {
            result.AddError($"'{result.Tokens[0].Value}' is no address to listen on: write ADDRESS:PORT, for example 127.0.0.1:8024.");
        }
        return endPoint;
    }
}
