using Relay.EndToEnd.Harness;
using Relay.TestKit;

namespace Relay.EndToEnd;

/// <summary>Starts that must not succeed, and what they say: sentences, never a stack trace.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Wrong_settings_stop_the_start_with_every_fault_named()
    {
        await using RunningProgram relay = Run(
            "--Relay:Smtp:Listeners:0:Port=notaport",
            "--Relay:Smtp:MaxMessageBytes=-5",
            "--Relay:Delivery:FirstRetry=00:00:00",
            "--Relay:Services:0:Address=no address",
            "--Relay:Store:Provider=Oracle",
            "--Relay:Http:Url=gopher");

        Assert.Equal(1, await relay.ExitAsync());
        string[] keys = ["Smtp:Listeners:0:Port", "Smtp:MaxMessageBytes", "Delivery:FirstRetry", "Services:0:Address", "Store:Provider", "Http:Url"];
        Assert.All(keys, key => Assert.Contains(key, relay.Errors, StringComparison.Ordinal));
        AssertSentences(relay);
    }

    [Fact]
    public async Task A_setting_that_does_not_exist_is_named()
    {
        await using RunningProgram relay = Run("--Relay:Smtp:HostNam=x");

        Assert.Equal(1, await relay.ExitAsync());
        Assert.Contains("Smtp:HostNam", relay.Errors, StringComparison.Ordinal);
        AssertSentences(relay);
    }

    [Theory]
    [InlineData("every address of the machine", "0.0.0.0")]
    [InlineData("the same in IPv6", "::")]
    public async Task A_public_listener_with_the_default_access_refuses_to_start(string why, string address)
    {
        await using RunningProgram relay = Run($"--Relay:Smtp:Listeners:0:Address={address}", $"--Relay:Smtp:Listeners:0:Port={FreePort.Next()}");

        Assert.True(await relay.ExitAsync() == 1, why);
        Assert.Contains("Access", relay.Errors, StringComparison.Ordinal);
        AssertSentences(relay);
    }

    [Fact]
    public async Task A_proof_without_what_it_is_held_against_refuses_to_start()
    {
        await using RunningProgram relay = Run(
            "--Relay:Access:Subscribers:0:Address=app@branch.example",
            "--Relay:Access:Subscribers:0:Mailboxes=*",
            "--Relay:Access:Subscribers:0:Proof=SmtpAuth");

        Assert.Equal(1, await relay.ExitAsync());
        Assert.Contains("Relay:Access:Subscribers:0:Accounts", relay.Errors, StringComparison.Ordinal);
        AssertSentences(relay);
    }

    [Theory]
    [InlineData("SMTP", "Smtp:Listeners:0:Port", "{0}")]
    [InlineData("HTTP", "Http:Url", "http://127.0.0.1:{0}")]
    [InlineData("the embedded Exchange", "Exchange:Simulator:Url", "http://127.0.0.1:{0}/EWS/Exchange.asmx")]
    public async Task A_port_that_another_program_has_ends_the_start_with_one_sentence(string why, string key, string value)
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        int port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        using var folder = new TempFolder();
        string[] places =
        [
            $"--Relay:Smtp:Listeners:0:Port={FreePort.Next()}", $"--Relay:Http:Url=http://127.0.0.1:{FreePort.Next()}",
            $"--Relay:Exchange:Simulator:Url=http://127.0.0.1:{FreePort.Next()}/EWS/Exchange.asmx", $"--Relay:Store:ConnectionString=Data Source={folder.File("relay.db")}",
        ];
        await using RunningProgram relay = Run([.. places.Where(place => !place.Contains(key, StringComparison.Ordinal)), $"--Relay:{key}={value.Replace("{0}", $"{port}")}"]);

        Assert.True(await relay.ExitAsync() == 1, $"{why}: {relay.Transcript}");
        string sentence = Assert.Single(relay.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($":{port}", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", sentence, StringComparison.Ordinal);
        Sentences.AssertNoStackTrace(relay);
    }

    [Fact]
    public async Task A_second_run_on_one_store_is_refused_with_a_sentence_and_disturbs_nothing()
    {
        await using Gateway first = await Gateway.StartAsync();

        await using RunningProgram second = RunningProgram.Start(new ProgramStart(Gateway.ProgramPath)
        {
            Arguments = ["run", $"--Relay:Smtp:Listeners:0:Port={FreePort.Next()}", $"--Relay:Http:Url=http://127.0.0.1:{FreePort.Next()}"],
            Environment = first.Environment,
        });

        Assert.Equal(1, await second.ExitAsync());
        AssertSentences(second);
        string id = await first.MailAsync("a@b.example", "calendar@localhost", Soap.Mail(
            "a@b.example", "calendar@localhost", "<still@b.example>", Soap.Envelope(Soap.GetMonth(2003, 1))));
        await first.AnswerToAsync(id);
    }

    [Fact]
    public async Task Whose_store_stands_elsewhere_needs_no_home()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("no-folder"), "");
        await using Gateway gateway = await Gateway.StartAsync();
        var environment = new Dictionary<string, string?>(gateway.Environment) { ["HOME"] = folder.File("no-folder/home"), ["XDG_DATA_HOME"] = null };

        (int code, string output, string errors) = await RelayCommand.RunAsync(environment, null, "queue", "list");

        Assert.True(code == 0, output + errors);
    }

    [Fact]
    public async Task A_store_that_was_stopped_can_be_run_again()
    {
        await using Gateway gateway = await Gateway.StartAsync();
        Assert.Equal(0, await gateway.TerminateAsync());

        await gateway.RestartAsync();

        Assert.True(gateway.IsRunning);
    }

    [Theory]
    [InlineData("no such command", 2, "frobnicate")]
    [InlineData("no such option", 2, "run", "--frobnicate")]
    [InlineData("not a number", 2, "demo", "--events", "many")]
    [InlineData("help", 0, "--help")]
    [InlineData("help of a command", 0, "demo", "--help")]
    [InlineData("help of a command that needs an option", 0, "deliver", "--help")]
    [InlineData("version", 0, "--version")]
    public async Task The_exit_code_tells_wrong_usage_from_success(string why, int code, params string[] arguments)
    {
        await using RunningProgram relay = RunningProgram.Start(Gateway.ProgramPath, arguments);

        Assert.True(await relay.ExitAsync() == code, $"{why}: {relay.Transcript}");
        Assert.Equal(code == 0, relay.Errors.Length == 0);
        Sentences.AssertNoStackTrace(relay);
    }

    [Theory]
    [InlineData("a setting without a value", "--Relay:Smtp:HostName is given no value", "run", "--Relay:Smtp:HostName")]
    [InlineData("the next setting is not its value", "--Relay:Smtp:HostName is given no value", "run", "--Relay:Smtp:HostName", "--Relay:Bogus=1")]
    [InlineData("nor does a check take it", "--Relay:Smtp:HostName is given no value", "check", "--Relay:Smtp:HostName")]
    [InlineData("a value behind a blank", "--Relay:Smtp:HostName is given no value", "run", "--Relay:Smtp:HostName", "mx.example")]
    [InlineData("no command of a group", "'bogus'", "queue", "bogus")]
    [InlineData("several faults at once", "'--bogus'", "queue", "list", "--limit", "0", "--bogus")]
    [InlineData("a state that is none", "--state takes active, paused, suspended or ended", "subscriptions", "list", "--state", "foo")]
    [InlineData("what the demo does not take", "demo takes no settings", "demo", "--Relay:Smtp:HostName=x")]
    [InlineData("a key that nobody has", "demo takes no settings", "demo", "--Relay:Bogus=1")]
    [InlineData("a settings file before the demo", "demo takes no settings", "--config=x.json", "demo")]
    [InlineData("a settings file behind the demo", "--config", "demo", "--config=x.json")]
    public async Task Wrong_usage_is_told_in_one_sentence(string why, string words, params string[] arguments)
    {
        await using RunningProgram relay = RunningProgram.Start(new ProgramStart(Gateway.ProgramPath)
        {
            Arguments = arguments,
            Environment = new Dictionary<string, string?> { ["Relay__Store__ConnectionString"] = $"Data Source={NeverMade()}" },
        });

        Assert.True(await relay.ExitAsync() == 2, $"{why}: {relay.Transcript}");
        Assert.Contains(words, Assert.Single(relay.Lines).Text, StringComparison.Ordinal);
        Assert.NotEmpty(relay.Errors);
    }

    [Theory]
    [InlineData("a comma too many", "{\n  \"Relay\": {,}\n}\n", "line 2, position 13: ")]
    [InlineData("cut short", "{ \"Relay\": {\n", "line 2, position 1: ")]
    [InlineData("empty", "", "line 1, position 1: ")]
    [InlineData("a key twice", "{ \"Relay\": { \"Http\": { \"Url\": \"a\", \"url\": \"b\" } } }", "duplicate key")]
    public async Task A_broken_settings_file_is_told_with_the_place_in_it(string why, string json, string words)
    {
        using var folder = new TempFolder();
        string file = folder.File("relay.json");
        await File.WriteAllTextAsync(file, json);

        foreach (string[] command in new string[][] { ["run"], ["queue", "list"], ["check"] })
        {
            // Before the command or behind it, the file is the same.
            string[] config = ["--config", file];
            await using RunningProgram relay = RunningProgram.Start(Gateway.ProgramPath, command is ["check"] ? [.. config, .. command] : [.. command, .. config]);

            Assert.True(await relay.ExitAsync() == 1, $"{why}: {relay.Transcript}");
            string sentence = Assert.Single(relay.Lines).Text;
            Assert.Contains(file, sentence, StringComparison.Ordinal);
            Assert.Contains(words, sentence, StringComparison.Ordinal);
            Assert.EndsWith(".", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("LineNumber", sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_settings_file_that_is_not_there_is_named()
    {
        using var folder = new TempFolder();
        await using RunningProgram relay = RunningProgram.Start(Gateway.ProgramPath, "run", "--config", folder.File("absent.json"));

        Assert.Equal(1, await relay.ExitAsync());
        Assert.Equal($"There is no settings file {folder.File("absent.json")}.", Assert.Single(relay.Lines).Text);
    }

    private static RunningProgram Run(params string[] settings) =>
        RunningProgram.Start(Gateway.ProgramPath, ["run", $"--Relay:Store:ConnectionString=Data Source={NeverMade()}", .. settings]);

    /// <summary>A store that no start here may come as far as making.</summary>
    private static string NeverMade() => Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.db");

    private static void AssertSentences(RunningProgram relay)
    {
        Assert.NotEmpty(relay.Errors);
        Sentences.AssertNoStackTrace(relay);
    }
}
