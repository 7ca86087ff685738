using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Harness;

/// <summary>
/// <c>relay run</c> as a process of its own, on free ports and with a store of its own, delivering to a recorder that plays the
/// subscribers' mail server. It can be killed and started again on the same store.
/// </summary>
internal sealed class Gateway : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string?> _settings = [];
    private readonly int? _openFiles;
    private RunningProgram? _program;

    private Gateway(GatewayOptions options)
    {
        _openFiles = options.OpenFiles;
        SmtpPort = FreePort.Next();
        Smarthost = RecordingMailServer.Start(options.Smarthost);
        SimulatorUrl = options.ExchangeUrl ?? new Uri($"http://127.0.0.1:{FreePort.Next()}/EWS/Exchange.asmx");
        Set("Smtp:Listeners:0:Port", $"{SmtpPort}");
        Set("Delivery:Smarthost:Port", $"{Smarthost.Port}");
        Set("Delivery:FirstRetry", "00:00:01");
        Set("Http:Url", $"http://127.0.0.1:{FreePort.Next()}");
        Set("Store:ConnectionString", $"Data Source={DatabasePath}");
        Set(options.ExchangeUrl is null ? "Exchange:Simulator:Url" : "Exchange:Url", SimulatorUrl.ToString());
        if (options.ExchangeUrl is not null)
        {
            Set("Exchange:UserName", "relay");
            Set("Exchange:Password", "secret");
        }

        foreach ((string key, string value) in options.Settings)
        {
            Set(key, value);
        }
    }

    internal int SmtpPort { get; }

    internal Uri SimulatorUrl { get; }

    /// <summary>What the gateway delivers to.</summary>
    internal RecordingMailServer Smarthost { get; }

    internal string DatabasePath => _folder.File("relay.db");

    /// <summary>The settings as environment variables, for a second process beside this one.</summary>
    internal IReadOnlyDictionary<string, string?> Environment => _settings;

    internal static string ProgramPath => Repository.Program("Relay", "relay");

    internal static async Task<Gateway> StartAsync(GatewayOptions? options = null)
    {
        var gateway = new Gateway(options ?? new GatewayOptions());
        try
        {
            await gateway.RestartAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after its end, on the same store and ports, and waits until it listens.</summary>
    internal async Task RestartAsync()
    {
        RunningProgram program = await BeginRestartAsync();
        await Eventually.TrueAsync(
            async () => program.HasExited || await IsGreetingAsync(),
            $"relay run listens on {SmtpPort}; it wrote:\n{program.Transcript}",
            TimeSpan.FromSeconds(30));
        Assert.False(program.HasExited, $"relay run ended at its start:\n{program.Transcript}");
    }

    /// <summary>Starts it again so that it kills itself at one of its commits: "before:17" or "after:17". Waits for that, but not for long.</summary>
    internal async Task RestartToDieAsync(string at, TimeSpan within)
    {
        _settings["RELAY_TEST_KILL_AT"] = at;
        RunningProgram program = await BeginRestartAsync();
        _settings.Remove("RELAY_TEST_KILL_AT");
        try
        {
            await program.ExitAsync(within);
        }
        catch (TimeoutException)
        {
            // So many commits did not come about in this time.
            await program.KillAsync();
        }
    }

    /// <summary>Starts it again and does not wait: for those who kill it while it starts.</summary>
    internal async Task<RunningProgram> BeginRestartAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        var start = _openFiles is { } most
            ? new ProgramStart("/bin/sh") { Arguments = ["-c", $"ulimit -n {most} && exec \"$0\" run", ProgramPath] }
            : new ProgramStart(ProgramPath) { Arguments = ["run"] };
        start = start with { Environment = _settings, Folder = _folder.Path };
        return _program = RunningProgram.Start(start);
    }

    internal Task KillAsync() => _program!.KillAsync();

    internal Task<int> TerminateAsync() => _program!.TerminateAsync(TimeSpan.FromSeconds(30));

    internal string Log => _program?.Transcript ?? "";

    internal bool IsRunning => _program is { HasExited: false };

    /// <summary>Mails something that must be taken, and gives the id that its 250 promised to answer to.</summary>
    internal async Task<string> MailAsync(string from, string to, string content)
    {
        string reply = await SmtpDialogue.SendAsync(SmtpPort, from, to, content);
        Assert.True(reply.StartsWith("250 ", StringComparison.Ordinal), reply);
        int id = reply.LastIndexOf("id=", StringComparison.Ordinal);
        Assert.True(id > 0, $"The 250 names no id: {reply}");
        return reply[(id + 3)..];
    }

    /// <summary>The answer to a request, waiting for it; the 250 puts an id in brackets that had none.</summary>
    internal Task<RecordedMail> AnswerToAsync(string id, TimeSpan? within = null) =>
        Smarthost.MailAsync(mail => Answers(mail, id), $"an answer to {id}; the relay wrote:\n{Log}", within);

    internal static bool Answers(RecordedMail mail, string id) => mail.InReplyTo == id || $"<{mail.InReplyTo}>" == id;

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        await Smarthost.DisposeAsync();
        _folder.Dispose();
    }

    private void Set(string key, string value) => _settings[$"Relay__{key.Replace(":", "__")}"] = value;

    private async Task<bool> IsGreetingAsync()
    {
        try
        {
            await using SmtpDialogue dialogue = await SmtpDialogue.ConnectAsync(SmtpPort);
            return true;
        }
        catch (Exception early) when (early is System.Net.Sockets.SocketException or IOException or OperationCanceledException)
        {
            // Not listening yet, or killed or too busy before it had greeted.
            return false;
        }
    }
}
