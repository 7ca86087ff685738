using System.CommandLine;
using System.CommandLine.Parsing;
using Relay.Smtp.Client;

namespace Relay.Client.Commands;

/// <summary>How the relay's SMTP server is reached: where it is, whether encrypted, and as whom.</summary>
internal sealed class TransportOptions
{
    private readonly Option<HostAndPort?> _server = new("--server")
    {
        Description = "The relay's SMTP server",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => new HostAndPort("127.0.0.1", 8023),
        CustomParser = HostAndPort.Parse,
    };

    private readonly Option<SmtpClientTls?> _tls = new("--tls")
    {
        Description = "Encryption on the way to the server (default: none)",
        HelpName = "none|opportunistic|required|implicit",
        CustomParser = ParseTls,
    };

    private readonly Option<string?> _user = new("--user")
    {
        Description = "The account at the server, if it wants one",
        HelpName = "NAME",
    };

    // Not the password itself: everybody on the machine can read command lines.
    private readonly Option<string?> _passwordFile = new("--password-file")
    {
        Description = "A file whose first line is the account's password",
        HelpName = "FILE",
    };

    public IEnumerable<Option> All => [_server, _tls, _user, _passwordFile];

    /// <exception cref="IOException">The password file cannot be read.</exception>
    public SmtpClientOptions Read(ParseResult parsed)
    {
        HostAndPort server = parsed.GetValue(_server)!;
        return new SmtpClientOptions
        {
            Host = server.Host,
            Port = server.Port,
            Tls = parsed.GetValue(_tls) ?? SmtpClientTls.None,
            UserName = parsed.GetValue(_user),
            Password = parsed.GetValue(_passwordFile) is { } file ? File.ReadLines(file).FirstOrDefault() ?? "" : null,
        };
    }

    private static SmtpClientTls? ParseTls(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Enum.TryParse(text, ignoreCase: true, out SmtpClientTls tls) && !char.IsDigit(text[0]))
        {
            return tls;
        }
        result.AddError($"'{text}' is no kind of encryption: take none, opportunistic, required or implicit.");
        return null;
    }
}
