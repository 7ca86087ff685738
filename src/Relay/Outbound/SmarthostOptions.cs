using Relay.Settings;
using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>A mail server that takes what we send.</summary>
internal sealed record SmarthostOptions(string Host, int Port, SmtpClientTls Tls, string? UserName, string? Password)
{
    /// <summary>Where the access token for XOAUTH2 stands, in place of a password.</summary>
    public string? AccessTokenFile { get; init; }

    /// <summary>The one that needs no setting.</summary>
    public static SmarthostOptions Read(SettingsReader settings) => Read(settings, settings.Text("Host", "127.0.0.1"), 8024);

    /// <summary>One of a list or of a route: it has to be named.</summary>
    public static SmarthostOptions ReadListed(SettingsReader settings)
    {
        if (settings.OptionalText("Host") is not { } host)
        {
            settings.Fault("Host", "is not given; name the mail server");
            host = "";
        }

        return Read(settings, host, 25);
    }

    /// <summary>What to connect with, or why that is not known. The access token is read each time, since whoever writes it renews it.</summary>
    public async Task<(SmtpClientOptions? Client, string Fault)> ClientAsync(string helloName, CancellationToken cancellationToken)
    {
        var (token, fault) = AccessTokenFile is { } file ? await Outbound.AccessTokenFile.ReadAsync(file, cancellationToken) : (null, "");
        return fault.Length > 0 ? (null, fault) : (
            new SmtpClientOptions
            {
                Host = Host,
                Port = Port,
                Tls = Tls,
                UserName = UserName,
                Password = Password,
                AccessToken = token,
                HelloName = helloName,
            },
            "");
    }

    private static SmarthostOptions Read(SettingsReader settings, string host, int port)
    {
        string? userName = settings.OptionalText("UserName");
        string? password = settings.OptionalText("Password");
        string? tokenFile = settings.OptionalText("AccessTokenFile");
        if (tokenFile is not null && password is not null)
        {
            settings.Fault("AccessTokenFile", "and Password are both given; give one of them");
        }
        else if ((userName is null) != (password is null && tokenFile is null))
        {
            settings.Fault(
                userName is null ? "UserName" : "Password",
                tokenFile is null ? "is not given; UserName and Password go together" : "is not given; UserName and AccessTokenFile go together");
        }

        return new SmarthostOptions(
            host, settings.Int("Port", port, 1, 65535), settings.Choice("Tls", SmtpClientTls.Opportunistic), userName, password)
        {
            AccessTokenFile = tokenFile,
        };
    }

    public override string ToString() => $"{Host}:{Port}";
}
