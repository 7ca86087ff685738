using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Relay.TestKit;

namespace Relay.Benchmarks.Smtp;

/// <summary>Postfix's own load generator and sink.</summary>
internal static class PostfixTools
{
    /// <summary>Sends so many mails and tells how many a second it was.</summary>
    public static async Task<double> SendAsync(int port, int sessions, bool keepsConnections, int mails, int octets = 2048)
    {
        var source = Peers.Find("smtp-source") ?? throw new InvalidOperationException(Peers.Missing("smtp-source"));
        string[] keep = keepsConnections ? ["-d"] : [];
        string[] arguments =
        [
            "-s", Text(sessions), .. keep, "-l", Text(octets), "-m", Text(mails), "-f", "a@client.example", "-t", "ews@localhost", $"127.0.0.1:{Text(port)}",
        ];
        var start = Stopwatch.GetTimestamp();
        await using var program = RunningProgram.Start(source, arguments);
        var exit = await program.ExitAsync(TimeSpan.FromMinutes(5));
        return exit == 0
            ? mails / Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException($"smtp-source: {program.Transcript}");
    }

    /// <summary>Starts a sink that parses commands and throws mails away.</summary>
    public static async Task<(RunningProgram Program, int Port)> StartSinkAsync()
    {
        var sink = Peers.Find("smtp-sink") ?? throw new InvalidOperationException(Peers.Missing("smtp-sink"));
        var port = FreePort.Next();
        // It runs as root only when told whom to be instead.
        string[] user = Environment.UserName == "root" ? ["-u", "nobody"] : [];
        var program = RunningProgram.Start(sink, [.. user, $"127.0.0.1:{Text(port)}", "500"]);
        await Eventually.TrueAsync(() => ListensAsync(port), "smtp-sink listens");
        return (program, port);
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            // Not yet.
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
