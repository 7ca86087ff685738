using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Relay.Smtp.Server;
using Relay.Smtp.Tests.Server;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Smtp.Tests.Transcripts;

/// <summary>Every <c>.smtp</c> file beside this one is a test, three times.</summary>
public sealed class TranscriptTests
{
    private static readonly X509Certificate2 Certificate = TestCertificate.SelfSigned("mx.example");

    public static TheoryData<string, TranscriptPace> All()
    {
        var rows = new TheoryData<string, TranscriptPace>();
        foreach (var file in Directory.EnumerateFiles(Folder(), "*.smtp", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            // What matters in some is that octets come in one piece.
            var only = Transcript.Parse(File.ReadAllText(file)).Options.GetValueOrDefault("Pace");
            foreach (var pace in Enum.GetValues<TranscriptPace>().Where(pace => only is null || only == pace.ToString()))
            {
                rows.Add(Path.GetRelativePath(Folder(), file), pace);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_server_plays_its_part(string file, TranscriptPace pace)
    {
        var transcript = Transcript.Parse(await File.ReadAllTextAsync(Path.Combine(Folder(), file)));
        await using var server = await TestServer.StartAsync(options => Configure(options, transcript.Options));
        await using (var player = new TranscriptPlayer(transcript, pace))
        {
            await player.PlayAsync(server.EndPoint);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await server.Server.StopAsync(patience.Token);
        Assert.Equal(0, server.Mails.Open);
        if (transcript.Mails is not null)
        {
            var isProxied = transcript.Options.ContainsKey("Proxy") || transcript.Options.ContainsKey("Xclient");
            Assert.Equal(transcript.Mails, server.Mails.Mails.SelectMany(mail => Lines(mail, isProxied)));
        }
    }

    private static IEnumerable<string> Lines(ReceivedMail mail, bool withClient) =>
        mail.Content.Split("\r\n").SkipLast(1).Concat(withClient ? [Told(mail.Client)] : []);

    private static string Told(SmtpClientInfo client) => string.Join(' ', new[] { "from", $"{client.Address}", client.Name, client.Account }.OfType<string>());

    // Not the compiler's path of this file: a deterministic build writes another one.
    private static string Folder() => Repository.PathOf("tests/Smtp.Tests/Transcripts");

    private static void Configure(SmtpServerOptions options, IReadOnlyDictionary<string, string> settings)
    {
        options.Limits.ErrorDelay = TimeSpan.Zero;
        foreach (var (name, value) in settings)
        {
            switch (name)
            {
                case "MaxMessageBytes":
                    options.MaxMessageBytes = long.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "Pace":
                    break;
                case "BareLineEnds":
                    options.BareLineEnds = Enum.Parse<BareLineEnds>(value);
                    break;
                case "Tls":
                    options.Listeners[0].Tls = Enum.Parse<SmtpTlsMode>(value);
                    options.Certificate = Certificate;
                    break;
                case "Accounts":
                    options.Authenticator = new TestAccounts { HasAccounts = value != "None" };
                    options.AllowAuthInTheClear = value is "Clear" or "None";
                    break;
                case "Proxy":
                    options.Listeners[0].ProxyNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
                    break;
                case "Xclient":
                    options.Listeners[0].XclientNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
                    break;
                case "Protocol":
                    options.Listeners[0].Protocol = Enum.Parse<SmtpProtocol>(value);
                    break;
                default:
                    var limit = typeof(SmtpServerLimits).GetProperty(name) ?? throw new FormatException($"No option {name}.");
                    limit.SetValue(options.Limits, int.Parse(value, CultureInfo.InvariantCulture));
                    break;
            }
        }
    }
}
