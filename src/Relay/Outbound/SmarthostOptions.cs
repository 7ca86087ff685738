using Relay.Settings;
using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>The mail server that takes everything we send.</summary>
internal sealed record SmarthostOptions(string Host, int Port, SmtpClientTls Tls, string? UserName, string? Password)
{
    public static SmarthostOptions Read(SettingsReader settings)
    {
        string? userName = settings.OptionalText("UserName");
        string? password = settings.OptionalText("Password");
        if ((userName is null) != (password is null))
        {
            settings.Fault(userName is null ? "UserName" : "Password", "is not given; UserName and Password go together");
        }

        return new SmarthostOptions(
            settings.Text("Host", "127.0.0.1"),
            settings.Int("Port", 8024, 1, 65535),
            settings.Choice("Tls", SmtpClientTls.Opportunistic),
            userName,
            password);
    }

    public override string ToString() => $"{Host}:{Port}";
}
