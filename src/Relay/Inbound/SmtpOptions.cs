using System.Net;
using System.Security.Cryptography;
using Relay.Settings;
using Relay.Smtp.Server;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>The section <c>Relay:Smtp</c>: how the server presents itself, where it listens, what one session may use up.</summary>
internal sealed record SmtpOptions
{
    // Whoever asks for a report names whom it is mailed to, so strangers are not offered any: this machine, and networks for private use (RFC 1918,
    // RFC 4193).
    private static readonly IReadOnlyList<IPNetwork> NearNetworks =
    [
        .. new[] { "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7" }.Select(text => IPNetwork.Parse(text)),
    ];

    public required string HostName { get; init; }

    /// <summary>Domains whose postmaster@ and abuse@ are ours.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    public required SmtpServerOptions Server { get; init; }

    /// <summary>Where the certificate of <see cref="Server"/> was read; null where there is none.</summary>
    public CertificateFiles? CertificateFiles { get; init; }

    /// <summary>Clients whose dialogues are logged from the start.</summary>
    public required IReadOnlyList<IPNetwork> TraceNetworks { get; init; }

    /// <summary>What a mail may cost to read, once it is taken: its header, its parts.</summary>
    public required MimeLimits Mime { get; init; }

    /// <summary>Failed AUTHs of one client at one account until both are locked out, over all sessions. 10: a person gives up before.</summary>
    public required int AuthFailuresPerClient { get; init; }

    /// <summary>Mails that wait for us, or answers that wait for the smarthost, beyond which new mail is refused with 452. 100,000: some 500 MB.</summary>
    public required int MostWaiting { get; init; }

    /// <summary>For how long. 15 minutes: some forty guesses an hour.</summary>
    public required TimeSpan AuthLockout { get; init; }

    /// <summary>
    /// Mails a minute of one client, none on loopback; 0 sets no limit. 3,000, 50 a second: more than a network asks for, and half an hour until as many
    /// wait as <see cref="MostWaiting"/> allows, if nobody handles any.
    /// </summary>
    public required int MailsPerMinutePerClient { get; init; }

    /// <summary>Whether somebody outside this machine could connect.</summary>
    public bool IsPublic => Server.Listeners.Any(listener => !IPAddress.IsLoopback(listener.Address));

    public static SmtpOptions Read(SettingsReader settings)
    {
        string hostName = settings.Text("HostName", "localhost");
        var files = ReadFiles(settings.Section("Certificate"));
        var server = new SmtpServerOptions
        {
            HostName = hostName,
            // 64 KiB is the least that RFC 5321 §4.5.3.1.7 allows; above 1 GiB the spool is the wrong place.
            MaxMessageBytes = settings.Long("MaxMessageBytes", 10 * 1024 * 1024, 64 * 1024, 1024 * 1024 * 1024),
            BareLineEnds = settings.Choice("BareLineEnds", BareLineEnds.Refuse),
            AllowAuthInTheClear = settings.Bool("AllowAuthInTheClear", false),
        };
        ReadCertificate(files, settings.Section("Certificate"), server);
        ReadLimits(settings.Section("Limits"), server.Limits);
        foreach (var listener in ReadListeners(settings))
        {
            server.Listeners.Add(listener);
        }

        foreach (var network in settings.Networks("DsnNetworks") is { Count: > 0 } named ? named : NearNetworks)
        {
            server.DsnNetworks.Add(network);
        }

        foreach (string fault in server.Faults())
        {
            settings.Fault("", $"is not right: {fault.TrimEnd('.')}");
        }

        var limits = settings.Section("Limits");
        return new SmtpOptions
        {
            HostName = hostName,
            Domains = ReadDomains(settings),
            Server = server,
            CertificateFiles = files,
            TraceNetworks = settings.Section("Trace").Networks("Networks"),
            Mime = ReadMimeLimits(limits, server.MaxMessageBytes),
            AuthFailuresPerClient = limits.Int("AuthFailuresPerClient", 10, 1, 1_000_000),
            MostWaiting = limits.Int("Waiting", 100_000, 10, 100_000_000),
            AuthLockout = limits.Time("AuthLockout", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            MailsPerMinutePerClient = limits.Int("MailsPerMinutePerClient", 3000, 0, 1_000_000),
        };
    }

    private static IReadOnlyList<string> ReadDomains(SettingsReader settings)
    {
        var domains = settings.Texts("Domains", "localhost");
        foreach (string domain in domains.Where(domain => !MailAddress.TryParse($"postmaster@{domain}", out _)))
        {
            settings.Fault("Domains", $"has \"{domain}\"; give domains such as gateway.example");
        }

        return domains;
    }

    private static IReadOnlyList<SmtpListenerOptions> ReadListeners(SettingsReader settings)
    {
        var given = settings.List("Listeners");
        return given.Count == 0
            ? [new SmtpListenerOptions { Address = IPAddress.Loopback, Port = DefaultPort }]
            : [.. given.Select(ReadListener)];
    }

    private static SmtpListenerOptions ReadListener(SettingsReader listener)
    {
        string text = listener.Text("Address", "127.0.0.1");
        if (!IPAddress.TryParse(text, out var address))
        {
            listener.Fault("Address", $"is \"{text}\"; give an IP address such as 127.0.0.1, 0.0.0.0 or ::");
        }

        var options = new SmtpListenerOptions
        {
            Address = address ?? IPAddress.Loopback,
            Port = listener.Int("Port", DefaultPort, 0, 65535),
            Protocol = listener.Choice("Protocol", SmtpProtocol.Smtp),
            Tls = listener.Choice("Tls", SmtpTlsMode.None),
        };
        foreach (var network in listener.Networks("ProxyNetworks"))
        {
            options.ProxyNetworks.Add(network);
        }

        foreach (var network in listener.Networks("XclientNetworks"))
        {
            options.XclientNetworks.Add(network);
        }

        return options;
    }

    private static void ReadLimits(SettingsReader settings, SmtpServerLimits limits)
    {
        const int Many = 1_000_000;
        var (least, most) = (SmtpServerLimits.LeastTimeout, SmtpServerLimits.MostTimeout);
        limits.Sessions = settings.Int("Sessions", limits.Sessions, 1, Many);
        limits.SessionsPerClient = settings.OptionalText("SessionsPerClient") is null
            ? limits.SessionsPerClient
            : settings.Int("SessionsPerClient", 50, 1, Many);
        limits.CommandLineBytes = settings.Int("CommandLineBytes", limits.CommandLineBytes, SmtpServerLimits.LeastCommandLineBytes, 1024 * 1024);
        limits.TextLineBytes = settings.Int("TextLineBytes", limits.TextLineBytes, SmtpServerLimits.LeastTextLineBytes, 1024 * 1024 * 1024);
        limits.Recipients = settings.Int("Recipients", limits.Recipients, SmtpServerLimits.LeastRecipients, Many);
        limits.ErrorsBeforeDelay = settings.Int("ErrorsBeforeDelay", limits.ErrorsBeforeDelay, 0, Many);
        limits.ErrorDelay = settings.Time("ErrorDelay", limits.ErrorDelay, TimeSpan.Zero, SmtpServerLimits.MostErrorDelay);
        limits.ErrorsPerSession = settings.Int("ErrorsPerSession", limits.ErrorsPerSession, 1, Many);
        limits.CommandsWithoutMail = settings.Int("CommandsWithoutMail", limits.CommandsWithoutMail, SmtpServerLimits.LeastCommandsWithoutMail, Many);
        limits.AuthFailures = settings.Int("AuthFailures", limits.AuthFailures, 1, Many);
        limits.HandshakeTimeout = settings.Time("HandshakeTimeout", limits.HandshakeTimeout, least, most);
        limits.IdleTimeout = settings.Time("IdleTimeout", limits.IdleTimeout, least, most);
        limits.DataBlockTimeout = settings.Time("DataBlockTimeout", limits.DataBlockTimeout, least, most);
        limits.MinimumDataRate = settings.Int("MinimumDataRate", limits.MinimumDataRate, 0, 1_000_000_000);
        limits.DataRateGrace = settings.Time("DataRateGrace", limits.DataRateGrace, least, most);
        limits.DataTimeout = settings.Time("DataTimeout", limits.DataTimeout, least, most);
    }

    // Upwards the header is bounded by what the front door holds of it in memory.
    private static MimeLimits ReadMimeLimits(SettingsReader settings, long maxMessageBytes) => new()
    {
        MaxHeaderBytes = settings.Int("HeaderBytes", MimeLimits.Default.MaxHeaderBytes, 1000, IncomingHeader.MostOctets),
        MaxFields = settings.Int("HeaderFields", MimeLimits.Default.MaxFields, 20, 10_000),
        MaxParts = settings.Int("Parts", MimeLimits.Default.MaxParts, 1, 10_000),
        MaxDepth = settings.Int("PartDepth", MimeLimits.Default.MaxDepth, 1, 100),
        MaxDecodedBytes = maxMessageBytes, // decoding never makes a part larger
    };

    private static CertificateFiles? ReadFiles(SettingsReader settings) => settings.OptionalText("Path") is { } path
        ? new CertificateFiles(path, settings.OptionalText("KeyPath"), settings.OptionalText("Password"))
        : null;

    private static void ReadCertificate(CertificateFiles? files, SettingsReader settings, SmtpServerOptions server)
    {
        if (files is null)
        {
            return;
        }

        try
        {
            (server.Certificate, var others) = files.Load();
            server.Intermediates.AddRange(others);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            settings.Fault("Path", $"names {files.Path}, which cannot be read as a certificate with its key: {exception.Message.TrimEnd('.')}");
        }
    }

    private const int DefaultPort = 8023;
}
