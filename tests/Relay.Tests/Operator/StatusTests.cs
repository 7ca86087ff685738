using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Relay.Inbound;
using Relay.Store;
using Relay.TestKit;
using Relay.Tests.Gateway;

namespace Relay.Tests.Operator;

/// <summary>What the relay tells over HTTP: numbers for Prometheus, a page for people.</summary>
public sealed partial class StatusTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        string address = _gateway.Service<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _http = new HttpClient { BaseAddress = new Uri(address) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task Metrics_count_what_happened()
    {
        await _gateway.AskAsync(Mails.GetMonth, "1@branch.example", "calendar@localhost");
        await _gateway.AskAsync("<nonsense/>", "2@branch.example", "calendar@localhost");
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "3@branch.example"), "nobody@localhost");
        await _gateway.AskAsync(Mails.Push(), "4@branch.example");
        await _gateway.StreamingAsync();
        _gateway.Exchange.DeliverMail("ann@corp.example", "Hello", "shop@web.example");
        await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "a notification");
        await _gateway.SettledAsync();

        string[] expected =
        [
            "relay_mails_received_total{code=\"250\"} 3",
            "relay_recipients_refused_total{code=\"550\"} 1",
            "relay_requests_total{operation=\"getMonth\",outcome=\"answered\"} 1",
            "relay_requests_total{operation=\"Subscribe\",outcome=\"answered\"} 1",
            "relay_requests_total{operation=\"none\",outcome=\"fault\"} 1",
            "relay_mails_handled_total 3",
            "relay_deliveries_total{outcome=\"delivered\"} 4",
            "relay_subscriptions{state=\"active\"} 1",
            "relay_notification_lag_seconds_count 1",
            "relay_notification_lag_seconds_bucket{le=\"+Inf\"} 1",
            "relay_spool_mails{state=\"waiting\"} 0",
            "relay_outbox_oldest_seconds 0",
            "relay_exchange_live{mode=\"streaming\"} 1",
            $"relay_smarthost_up{{smarthost=\"127.0.0.1:{_gateway.Smarthost.Port}\"}} 1",
        ];
        string text = "";
        await Eventually.TrueAsync(
            async () =>
            {
                text = await _http.GetStringAsync("/metrics");
                return expected.All(line => text.Contains(line + "\n", StringComparison.Ordinal));
            },
            $"{string.Join('\n', expected)}\nin:\n{text}");
        Assert.True(Value(text, "relay_store_commits_total") > 0);
        Assert.True(Value(text, "relay_store_commit_members_total") >= Value(text, "relay_store_commits_total"));
        Assert.True(Value(text, "relay_events_appended_total") > 0);
    }

    [Fact]
    public async Task Every_metric_is_explained_with_its_kind_and_every_explained_one_is_there()
    {
        string text = await _http.GetStringAsync("/metrics");
        var told = Type().Matches(text).Select(type => $"{type.Groups["name"].Value} {type.Groups["kind"].Value}");
        var explained = File.ReadLines(Repository.PathOf("docs/operations.md"))
            .Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["kind"].Value}");

        Assert.Equal(explained.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_page_runs_nothing_loads_nothing_and_shows_strangers_words_as_words()
    {
        const string Hostile = "</td><script>alert(1)</script>\u001b[2J";
        await _gateway.Store.CommitAsync(
            t =>
            {
                long id = t.Outbox.Add(new NewOutboxMail(OutboxKind.Answer, null, "app@branch.example", "<1@g>", new byte[] { 1 }, null, null, DateTimeOffset.UtcNow));
                t.Outbox.GiveUp(id, Hostile, DateTimeOffset.UtcNow);
                return t.Events.AppendGap(t.Watches.MailboxId("<i>@corp.example"), new EventGap(null, DateTimeOffset.UtcNow, null, Hostile), DateTimeOffset.UtcNow);
            },
            CancellationToken.None);

        using var response = await _http.GetAsync("/");
        string page = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\u001b", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)(src|href)=", page);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.Contains("&lt;i&gt;@corp.example", page, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
        Assert.All(new[] { "Health", "Queues", "Subscriptions", "Oldest open mails", "Latest gaps" }, title => Assert.Contains($">{title}</h2>", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/health/ready")]
    [InlineData("GET", "/trace")]
    [InlineData("POST", "/trace?network=192.0.2.7")]
    [InlineData("DELETE", "/trace")]
    [InlineData("GET", "/absent")]
    public async Task Nothing_is_told_to_a_name_that_others_could_point_here(string method, string path)
    {
        string[] statuses = await Task.WhenAll(
            new[] { "evil.example", "evil.example:8025", "127.0.0.1.evil.example", "localhost.evil.example" }.Select(host => StatusAsync(method, path, $"HTTP/1.1\r\nHost: {host}")));

        Assert.All(statuses, status => Assert.Equal("421", status));
        Assert.Empty(_gateway.Service<TraceDesk>().List());
    }

    [Theory]
    [InlineData("by address", "HTTP/1.1\r\nHost: 127.0.0.1")]
    [InlineData("by address and port", "HTTP/1.1\r\nHost: 127.0.0.1:8025")]
    [InlineData("by an address of IPv6", "HTTP/1.1\r\nHost: [::1]:8025")]
    [InlineData("by the name that every machine has", "HTTP/1.1\r\nHost: LocalHost:8025")]
    [InlineData("by none, as plain probes do", "HTTP/1.0")]
    public async Task Whoever_asks_by_address_is_answered(string why, string protocol) =>
        Assert.All(
            await Task.WhenAll(new[] { "/", "/metrics", "/health/live", "/health/ready", "/trace" }.Select(path => StatusAsync("GET", path, protocol))),
            status => Assert.True(status == "200", $"{why}: {status}"));

    [Fact]
    public async Task Exchange_calls_by_whatever_name_it_was_given()
    {
        await _gateway.RestartAsync(("Exchange:Mode", "Push"), ("Exchange:PushUrl", "http://relay.corp.example/push/a-long-word"));

        Assert.Equal("400", await StatusAsync("POST", "/push/a-long-word", "HTTP/1.1\r\nHost: relay.corp.example")); // heard, and no notification
        Assert.Equal("421", await StatusAsync("GET", "/metrics", "HTTP/1.1\r\nHost: relay.corp.example"));
    }

    private async Task<string> StatusAsync(string method, string path, string protocol)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_gateway.HttpUrl).Port);
        string head = $"{method} {path} {protocol}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(head));
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadToEndAsync()).Split(' ')[1];
    }

    private static double Value(string text, string name) =>
        double.Parse(Regex.Match(text, $"(?m)^{name} (?<value>\\S+)$").Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<kind>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@"^\| `(?<name>relay_[a-z_]+)` \| (?<kind>counter|gauge|histogram) \|")]
    private static partial Regex Row();
}
