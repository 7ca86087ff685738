using System.Net;
using Relay.Inbound;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Tests.Gateway;

namespace Relay.Tests.Inbound;

/// <summary>Dialogues switched on while the relay runs.</summary>
public sealed class TraceDeskTests
{
    [Fact]
    public async Task A_dialogue_under_way_is_written_from_the_moment_it_is_asked_for_until_it_is_ended()
    {
        var lines = new TraceLines();
        await using var gateway = await TestGateway.StartAsync(lines);
        using var http = new HttpClient { BaseAddress = new Uri(gateway.HttpUrl) };
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        await client.CommandAsync("NOOP before");

        Assert.Contains("127.0.0.0/8 until", await PostAsync(http, "trace?network=127.0.0.0/8&for=00:01:00"), StringComparison.Ordinal);
        await client.CommandAsync("NOOP within");
        await client.CommandAsync("AUTH PLAIN AGpvZQBzZWNyZXQ=");
        Assert.Equal("127.0.0.0/8", (await http.GetStringAsync("trace")).Split(' ')[0]);
        using var ended = await http.DeleteAsync("trace");
        Assert.Equal("nobody is traced\n", await ended.Content.ReadAsStringAsync());
        await client.CommandAsync("NOOP after");

        string log = string.Join('\n', lines.All);
        Assert.Contains("C: NOOP within", log, StringComparison.Ordinal);
        Assert.Contains("S: 250", log, StringComparison.Ordinal);
        Assert.Contains("C: AUTH PLAIN ***", log, StringComparison.Ordinal);
        Assert.DoesNotContain("AGpvZQBzZWNyZXQ=", log, StringComparison.Ordinal);
        Assert.DoesNotContain("before", log, StringComparison.Ordinal);
        Assert.DoesNotContain("after", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_ends_by_itself_and_those_of_the_settings_do_not()
    {
        var time = new ManualTimeProvider();
        await using var gateway = await TestGateway.StartAsync(("Smtp:Trace:Networks", "192.0.2.1"));
        using var desk = new TraceDesk(gateway.Service<SmtpOptions>(), gateway.Service<SmtpFrontDoor>(), time);
        Assert.True(desk.Begin(IPNetwork.Parse("198.51.100.0/24"), TimeSpan.FromMinutes(10)));
        Assert.Equal(["192.0.2.1/32", "198.51.100.0/24"], desk.List().Select(trace => $"{trace.Network}").Order());
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(["192.0.2.1/32"], desk.List().Select(trace => $"{trace.Network}"));
    }

    [Fact]
    public async Task Clients_that_the_settings_name_are_traced_from_the_first_octet()
    {
        var lines = new TraceLines();
        await using var gateway = await TestGateway.StartAsync(lines, ("Smtp:Trace:Networks", "127.0.0.1"));
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.Contains(lines.All, line => line.EndsWith("C: EHLO client.test", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no network", "trace", "network is \"\"")]
    [InlineData("a name", "trace?network=localhost", "network is \"localhost\"")]
    [InlineData("a number", "trace?network=10", "network is \"10\"")]
    [InlineData("for ever", "trace?network=10.0.0.1&for=400.00:00:00", "for is \"400.00:00:00\"")]
    [InlineData("not even a second", "trace?network=10.0.0.1&for=00:00:00", "for is \"00:00:00\"")]
    public async Task What_cannot_be_read_is_told_in_a_sentence(string why, string path, string sentence)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(gateway.HttpUrl) };
        using var response = await http.PostAsync(path, null);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, why);
        Assert.Contains(sentence, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a web page, through the browser of somebody on this machine", "Origin", "https://evil.example")]
    [InlineData("somebody elsewhere, through a proxy on this machine", "X-Forwarded-For", "198.51.100.1")]
    public async Task Only_programs_on_this_machine_are_heard(string why, string field, string value)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(gateway.HttpUrl) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "trace?network=127.0.0.1");
        request.Headers.Add(field, value);
        using var response = await http.SendAsync(request);
        Assert.True(response.StatusCode == HttpStatusCode.Forbidden, why);
        Assert.Equal("nobody is traced\n", await http.GetStringAsync("trace"));
    }

    private static async Task<string> PostAsync(HttpClient http, string path)
    {
        using var response = await http.PostAsync(path, null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
