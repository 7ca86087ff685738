using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Operator;

/// <summary><c>relay check</c> against real servers, each with one thing wrong: the line that says so, and what to do.</summary>
public sealed class CheckTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RecordingMailServer _smarthost = RecordingMailServer.Start();
    private SimulatorProcess _exchange = null!;

    public async ValueTask InitializeAsync() => _exchange = await SimulatorProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _exchange.DisposeAsync();
        await _smarthost.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_in_order_is_five_lines_of_ok()
    {
        var (code, output, errors) = await CheckAsync();

        Assert.True(code == 0, output + errors);
        Assert.Equal(["settings", "store", "smarthost", "exchange", "clock"], Lines(output).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.All(Lines(output), line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
        Assert.Empty(_smarthost.Mails);
    }

    [Fact]
    public async Task The_defaults_with_nothing_running_are_told_sensibly()
    {
        var (code, output, _) = await RelayCommand.RunAsync(
            new Dictionary<string, string?>(), null, "check", $"--Relay:Store:ConnectionString=Data Source={_folder.File("none.db")}", $"--Relay:Delivery:Smarthost:Port={FreePort.Next()}");

        Assert.Equal(1, code);
        Assert.Contains("the first `relay run` makes it", output, StringComparison.Ordinal);
        Assert.Contains("brings the simulator", output, StringComparison.Ordinal);
        Assert.Contains("whether a mail server listens there", Assert.Single(Troubles(output)), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("none.db")));
    }

    [Theory]
    [InlineData("every fault of the settings", "TROUBLE  settings", "--Relay:Smtp:MaxMessageBytes=-1", "--Relay:Smtp:HostNam=x")]
    [InlineData("a settings file that is not there", "TROUBLE  settings", "--config=absent.json")]
    [InlineData("a folder that cannot be written", "Relay:Store:ConnectionString", "--Relay:Store:ConnectionString=Data Source=/proc/relay.db")]
    [InlineData("a database server that is not there", "TROUBLE  store", "--Relay:Store:Provider=PostgreSql", "--Relay:Store:ConnectionString=Host=127.0.0.1;Port=1;Username=x;Password=hidden;Timeout=3")]
    [InlineData("a mailbox that is none", "--mailbox takes an address", "--mailbox", "nobody")]
    public async Task What_is_wrong_here_is_named(string why, string words, params string[] arguments)
    {
        var (code, output, errors) = await CheckAsync(arguments);

        Assert.True(code != 0, why);
        Assert.Contains(words, output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", output + errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a file that is no database", "this is no database, but as long as its header, a hundred octets; this is no database, but as long as its header", "put the last backup in its place")]
    [InlineData("a database without a store", "", "start the relay once with `relay run`")]
    public async Task A_store_that_is_none_is_named_with_what_to_do(string why, string content, string words)
    {
        await File.WriteAllTextAsync(_folder.File("relay.db"), content);

        var (code, output, _) = await CheckAsync();

        Assert.True(code == 1, $"{why}: {output}");
        Assert.Contains(words, Assert.Single(Troubles(output)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_server_that_is_away_is_named_with_what_to_do()
    {
        var (code, output, _) = await CheckAsync(
            "--Relay:Store:Provider=PostgreSql", $"--Relay:Store:ConnectionString=Host=127.0.0.1;Port={FreePort.Next()};Username=x;Database=relay;Timeout=3");

        Assert.Equal(1, code);
        Assert.Contains("see that the server runs, and that Relay:Store:ConnectionString names it", Assert.Single(Troubles(output)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it says no to the greeting", MailServerStage.Connect, "554 5.7.1 not you", "does not greet")]
    [InlineData("it says no to our name", MailServerStage.Hello, "550 5.7.1 bad name", "Relay:Smtp:HostName")]
    [InlineData("it says no to the account", MailServerStage.Auth, "535 5.7.8 no", "Relay:Delivery:Smarthost:UserName")]
    public async Task A_smarthost_that_refuses_is_named_with_what_to_do(string why, MailServerStage stage, string reply, string words)
    {
        await using var server = RecordingMailServer.Start(new RecordingMailServerOptions
        {
            Certificate = TestCertificate.SelfSigned("localhost"),
            Accounts = new Dictionary<string, string> { ["relay"] = "secret" },
        });
        server.Always(stage, new MailServerOrder.Answer(reply));

        var (code, output, _) = await CheckAsync(
            $"--Relay:Delivery:Smarthost:Port={server.Port}", "--Relay:Delivery:Smarthost:UserName=relay", "--Relay:Delivery:Smarthost:Password=secret");

        Assert.True(code == 1, $"{why}: {output}");
        Assert.Contains(words, Assert.Single(Troubles(output)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_smarthost_without_the_tls_that_is_required_is_named()
    {
        var (code, output, _) = await CheckAsync("--Relay:Delivery:Smarthost:Tls=Required");

        Assert.Equal(1, code);
        Assert.Contains("Relay:Delivery:Smarthost:Tls", Assert.Single(Troubles(output)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a wrong password", 401, "Relay:Exchange:Password")]
    [InlineData("a policy that blocks EWS", 403, "blocked")]
    [InlineData("a URL that leads nowhere", 404, "Relay:Exchange:Url")]
    [InlineData("an overloaded server", 503, "busy")]
    public async Task An_exchange_that_refuses_is_named_with_what_to_do(string why, int status, string words)
    {
        await using var exchange = await StartHttpAsync(null, context => context.Response.StatusCode = status);

        var (code, output, _) = await CheckAsync($"--Relay:Exchange:Url={exchange.Urls.First()}/EWS/Exchange.asmx");

        Assert.True(code == 1, $"{why}: {output}");
        Assert.Contains(words, Assert.Single(Troubles(output)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no right to impersonate", "ErrorImpersonateUserDenied", "role ApplicationImpersonation")]
    [InlineData("no right to read", "ErrorAccessDenied", "the right to read this mailbox")]
    [InlineData("a throttling policy: subscriptions", "ErrorExceededSubscriptionCount", "EWSMaxSubscriptions")]
    [InlineData("a throttling policy: connections", "ErrorExceededConnectionCount", "throttling policy of its own")]
    [InlineData("a throttling policy: budget", "ErrorServerBusy", "throttling policy of its own")]
    [InlineData("a password that has expired", "ErrorPasswordExpired", "Renew the password of relay")]
    [InlineData("a version that it does not know", "ErrorInvalidServerVersion", "Relay:Exchange:ServerVersion")]
    public async Task An_error_of_exchange_is_named_with_what_to_do(string why, string code, string words)
    {
        await using var exchange = await StartHttpAsync(null, context =>
        {
            context.Response.StatusCode = 500;
            context.Response.ContentType = "text/xml; charset=utf-8";
            context.Response.WriteAsync(Fault(code)).Wait();
        });

        var (exit, output, _) = await CheckAsync($"--Relay:Exchange:Url={exchange.Urls.First()}/EWS/Exchange.asmx");

        Assert.True(exit == 1, $"{why}: {output}");
        var trouble = Assert.Single(Troubles(output));
        Assert.Contains(code, trouble, StringComparison.Ordinal);
        Assert.Contains(words, trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a web server that is no Exchange", 200, "text/html", "<!DOCTYPE html><html><body>Welcome</body></html>")]
    [InlineData("the page for people", 302, "text/html", "")]
    [InlineData("another web service", 200, "text/xml", "<answer/>")]
    public async Task What_is_no_exchange_is_named_with_the_key_of_its_address(string why, int status, string type, string body)
    {
        await using var exchange = await StartHttpAsync(null, context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.WriteAsync(body).Wait();
        });

        var (exit, output, _) = await CheckAsync($"--Relay:Exchange:Url={exchange.Urls.First()}/EWS/Exchange.asmx");

        Assert.True(exit == 1, $"{why}: {output}");
        Assert.Contains("Relay:Exchange:Url", Assert.Single(Troubles(output)), StringComparison.Ordinal);
    }

    /// <summary>As Exchange refuses a request as a whole.</summary>
    private static string Fault(string code) => $"""
        <?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
        <faultcode xmlns:a="http://schemas.microsoft.com/exchange/services/2006/types">a:{code}</faultcode><faultstring xml:lang="en-US">No.</faultstring>
        <detail><e:ResponseCode xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">{code}</e:ResponseCode>
        <e:Message xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">No.</e:Message></detail></s:Fault></s:Body></s:Envelope>
        """;

    [Fact]
    public async Task An_exchange_whose_certificate_nobody_trusts_is_named()
    {
        using var certificate = TestCertificate.SelfSigned("localhost");
        await using var exchange = await StartHttpAsync(certificate, context => context.Response.StatusCode = 401);

        var (code, output, _) = await CheckAsync($"--Relay:Exchange:Url={exchange.Urls.First()}/EWS/Exchange.asmx");

        Assert.Equal(1, code);
        Assert.Contains("Relay:Exchange:TrustedCertificates", Assert.Single(Troubles(output)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_differs_by_more_than_five_minutes_is_named()
    {
        await using var exchange = await StartHttpAsync(null, context =>
        {
            context.Response.Headers.Date = DateTimeOffset.UtcNow.AddMinutes(-10).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = 401;
        });

        var (code, output, _) = await CheckAsync($"--Relay:Exchange:Url={exchange.Urls.First()}/EWS/Exchange.asmx");

        Assert.Equal(1, code);
        Assert.Contains(Troubles(output), line => line.Contains("clock", StringComparison.Ordinal) && line.Contains("ahead of Exchange's", StringComparison.Ordinal));
    }

    private Task<(int Code, string Output, string Errors)> CheckAsync(params string[] arguments)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Relay__Store__ConnectionString"] = $"Data Source={_folder.File("relay.db")}",
            ["Relay__Delivery__Smarthost__Port"] = $"{_smarthost.Port}",
            ["Relay__Exchange__Url"] = _exchange.Url.ToString(),
            ["Relay__Exchange__UserName"] = "relay",
            ["Relay__Exchange__Password"] = "secret",
        };
        string[] mailbox = arguments.Contains("--mailbox") ? [] : ["--mailbox", "ann@corp.example"];
        return RelayCommand.RunAsync(settings, null, ["check", .. mailbox, .. arguments]);
    }

    private static async Task<WebApplication> StartHttpAsync(X509Certificate2? certificate, Action<HttpContext> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        app.Run(context =>
        {
            answer(context);
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Troubles(string output) => [.. Lines(output).Where(line => line.StartsWith("TROUBLE", StringComparison.Ordinal))];
}
