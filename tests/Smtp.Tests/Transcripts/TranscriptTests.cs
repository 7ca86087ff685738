using System.Globalization;
using System.Runtime.CompilerServices;
using Relay.Smtp.Server;
using Relay.Smtp.Tests.Server;

namespace Relay.Smtp.Tests.Transcripts;

/// <summary>Every <c>.smtp</c> file beside this one is a test, three times.</summary>
public sealed class TranscriptTests
{
    public static TheoryData<string, TranscriptPace> All()
    {
        var rows = new TheoryData<string, TranscriptPace>();
        foreach (var file in Directory.EnumerateFiles(Folder(), "*.smtp", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (var pace in Enum.GetValues<TranscriptPace>())
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
            Assert.Equal(transcript.Mails, server.Mails.Mails.SelectMany(mail => mail.Content.Split("\r\n").SkipLast(1)));
        }
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

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
