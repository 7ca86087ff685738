using System.Net.Sockets;
using Relay.TestKit;

namespace Relay.Client.Tests;

/// <summary><c>relay run</c> as a process of its own, with busy simulated mailboxes, delivering to a port where a sample listens.</summary>
internal sealed class RunningRelay : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private RunningProgram _program = null!;

    private RunningRelay()
    {
    }

    public int Port { get; } = FreePort.Next();

    public int SubscriberPort { get; } = FreePort.Next();

    public string Log => _program.Transcript;

    public static async Task<RunningRelay> StartAsync()
    {
        var relay = new RunningRelay();
        relay._program = RunningProgram.Start(new ProgramStart(Repository.Program("Relay", "relay"))
        {
            Arguments = ["run"],
            Environment = relay.Settings(),
            Folder = relay._folder.Path,
        });
        await Eventually.TrueAsync(
            async () => relay._program.HasExited || await IsListeningAsync(relay.Port), "the relay's start", TimeSpan.FromSeconds(60));
        Assert.False(relay._program.HasExited, relay.Log);
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            // Not yet.
            return false;
        }
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["Relay__Smtp__Listeners__0__Port"] = $"{Port}",
        ["Relay__Delivery__Smarthost__Port"] = $"{SubscriberPort}",
        ["Relay__Delivery__FirstRetry"] = "00:00:01",
        ["Relay__Http__Url"] = $"http://127.0.0.1:{FreePort.Next()}",
        ["Relay__Exchange__Simulator__Url"] = $"http://127.0.0.1:{FreePort.Next()}/EWS/Exchange.asmx",
        ["Relay__Exchange__Simulator__Activity"] = "1",
        ["Relay__Store__ConnectionString"] = $"Data Source={_folder.File("relay.db")}",
    };
}
