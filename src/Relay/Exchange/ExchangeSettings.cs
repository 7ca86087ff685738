using Relay.Settings;

namespace Relay.Exchange;

/// <summary>Reads the section <c>Relay:Exchange</c> into <see cref="ExchangeOptions"/>.</summary>
internal static class ExchangeSettings
{
    internal static readonly TimeSpan ShortestPull = TimeSpan.FromMilliseconds(100);
    internal static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(10);

    public static ExchangeOptions Read(SettingsReader settings)
    {
        var options = new ExchangeOptions();
        options.Url = ReadUrl(settings, "Url", "the address of the EWS endpoint, such as https://mail.example/EWS/Exchange.asmx");
        options.UserName = settings.OptionalText("UserName");
        options.Password = settings.Secret("Password", "PasswordFile");
        options.Auth = settings.Choice("Auth", options.Auth);
        options.OAuth = OAuthSettings.Read(settings.Section("OAuth"));
        options.Mode = settings.Choice("Mode", options.Mode);
        options.Impersonate = settings.Bool("Impersonate", options.Impersonate);
        options.ServerVersion = settings.Text("ServerVersion", options.ServerVersion);
        options.TrustedCertificates = settings.OptionalText("TrustedCertificates");
        options.RequestTimeout = settings.Time("RequestTimeout", options.RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        options.SilenceLimit = settings.Time("SilenceLimit", options.SilenceLimit, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        options.ConnectionMinutes = settings.Int("ConnectionMinutes", options.ConnectionMinutes, 1, 30);
        options.MailboxesPerConnection = settings.Int("MailboxesPerConnection", options.MailboxesPerConnection, 1, 200);
        options.ConcurrentRequests = settings.Int("ConcurrentRequests", options.ConcurrentRequests, 1, 27);
        options.SyncPageSize = settings.Int("SyncPageSize", options.SyncPageSize, 1, 512);
        options.PullFastest = settings.Time("PullFastest", options.PullFastest, ShortestPull, TimeSpan.FromHours(1));
        options.PullSlowest = settings.Time("PullSlowest", options.PullSlowest, ShortestPull, TimeSpan.FromHours(1));
        options.PullTimeoutMinutes = settings.Int("PullTimeoutMinutes", options.PullTimeoutMinutes, 1, 1440);
        options.PushUrl = ReadUrl(settings, "PushUrl", "the address at which Exchange reaches the relay, such as https://relay.example/push/<a long word>");
        options.PushStatusMinutes = settings.Int("PushStatusMinutes", options.PushStatusMinutes, 1, 1440);
        options.SettleAfter = settings.Time("SettleAfter", options.SettleAfter, TimeSpan.FromSeconds(3), TimeSpan.FromHours(1));
        options.SettleEvery = settings.Time("SettleEvery", options.SettleEvery, TimeSpan.Zero, TimeSpan.FromDays(1));
        options.FirstRetry = settings.Time("FirstRetry", options.FirstRetry, ShortestRetry, TimeSpan.FromHours(1));
        options.LastRetry = settings.Time("LastRetry", options.LastRetry, ShortestRetry, TimeSpan.FromHours(1));
        options.LargestPassedAnswer = settings.Int("LargestPassedAnswer", options.LargestPassedAnswer, 64 * 1024, 64 * 1024 * 1024);
        options.PartsAbove = settings.Int("PartsAbove", options.PartsAbove, 0, 64 * 1024 * 1024);
        options.MaxAnswerBytes = settings.Int("MaxAnswerBytes", options.MaxAnswerBytes, 64 * 1024, 256 * 1024 * 1024);
        foreach (string fault in ExchangeOptionsValidator.Faults(options))
        {
            settings.Fault("", $"is not right: {fault.TrimEnd('.')}");
        }

        return options;
    }

    private static Uri? ReadUrl(SettingsReader settings, string key, string what)
    {
        if (settings.OptionalText(key) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            return url;
        }

        settings.Fault(key, $"is \"{text}\"; give {what}");
        return null;
    }
}
