using System.Net;
using Relay.Wire.Ews;
using Relay.Wire.Soap;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task A_mailbox_has_so_many_subscriptions_and_no_more()
    {
        await using var simulator = await StartAsync(options => options.Limits.Subscriptions = 2);
        var first = await simulator.PullAsync("inbox");
        await simulator.PullAsync("inbox");
        var request = EwsRequestWriter.Subscribe(new SubscribeRequest(SubscriptionKind.Pull, true, [], EwsEventTypes.All, null, 5));
        Assert.Equal(EwsErrors.ExceededSubscriptionCount, Error(EwsResponseReader.Subscribe(await simulator.CallAsync(request))));
        await simulator.CallAsync(EwsRequestWriter.Unsubscribe(first.SubscriptionId));
        Success(EwsResponseReader.Subscribe(await simulator.CallAsync(request)));
    }

    [Fact]
    public async Task An_account_has_so_many_streams_and_one_more_is_a_fault()
    {
        await using var simulator = await StartAsync(options => options.Limits.Streams = 1);
        var subscribed = await simulator.StreamAsync("inbox");
        using (var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId))
        {
            await stream.NextAsync();
            using var request = simulator.Request(EwsRequestWriter.GetStreamingEvents([subscribed.SubscriptionId], 30));
            using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
            var fault = SafeXml.Load(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(EwsErrors.ExceededConnectionCount with { IsFault = true }, Error(EwsResponseReader.Stream(fault)));
            Assert.Equal(
                ["HangingConnectionLimit", "1"],
                fault.Descendants(EwsNames.Types + "Value").Take(2).Select(value => value.Value));

            // Whoever impersonates charges the mailbox that is impersonated.
            using var other = simulator.Request(EwsRequestWriter.GetStreamingEvents([subscribed.SubscriptionId], 30), Ann, Bob);
            using var opened = await simulator.Http.SendAsync(other, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        }
    }

    [Fact]
    public async Task An_account_has_so_many_requests_at_once()
    {
        await using var simulator = await StartAsync(options => options.Limits.Concurrency = 1);
        simulator.Server.Arm(SimulatorFault.Stall, operation: "GetItem", delay: TimeSpan.FromMinutes(1));
        using var given = new CancellationTokenSource();
        using var request = simulator.Request(EwsRequestWriter.GetItem([new EwsId("AAAA")]));
        var first = simulator.Http.SendAsync(request, given.Token);
        for (var i = 0; i < 1000 && simulator.Server.ArmedFaults.Count > 0; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        var fault = Error(EwsResponseReader.Folders(await simulator.CallAsync(EwsRequestWriter.GetFolder(Named("inbox")))));
        Assert.Equal(EwsErrors.ExceededConnectionCount with { IsFault = true }, fault);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task A_connection_serves_so_many_subscriptions()
    {
        await using var simulator = await StartAsync(options => options.Limits.IdsPerStream = 1);
        var one = await simulator.StreamAsync("inbox");
        var two = await simulator.StreamAsync("inbox");
        using var stream = await simulator.OpenStreamAsync(30, one.SubscriptionId, two.SubscriptionId);
        Assert.Equal("ErrorInvalidArgument", (await stream.NextAsync()).Problem?.ResponseCode);
    }

    [Theory]
    [InlineData("a version that never was", "Exchange2019", "ErrorInvalidServerVersion")]
    [InlineData("a version without streams", "Exchange2010", "ErrorIncorrectSchemaVersion")]
    public async Task A_version_that_does_not_fit_is_a_fault_from_which_clients_try_the_next(string why, string version, string code)
    {
        await using var simulator = await StartAsync();
        using var request = simulator.Request(EwsRequestWriter.GetStreamingEvents(["S"], 1));
        request.Content = new ByteArrayContent(EwsRequestWriter.Envelope(EwsRequestWriter.GetStreamingEvents(["S"], 1), version));
        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var fault = SafeXml.Load(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(code == Error(EwsResponseReader.Stream(fault)).ResponseCode, why);
    }

    [Fact]
    public async Task Who_loses_the_affinity_cookie_loses_sight_of_the_subscription()
    {
        await using var simulator = await StartAsync(options => options.RequireAffinity = true);
        using var handler = new HttpClientHandler { UseCookies = true };
        using var keeping = new HttpClient(handler);
        async Task<System.Xml.Linq.XElement> Call(HttpClient http, System.Xml.Linq.XElement body)
        {
            using var request = simulator.Request(body);
            request.Headers.Add("X-PreferServerAffinity", "true");
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return SafeXml.Load(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        var subscribed = Success(EwsResponseReader.Subscribe(await Call(keeping, EwsRequestWriter.Subscribe(
            new SubscribeRequest(SubscriptionKind.Pull, true, [], EwsEventTypes.All, null, 5)))));
        Assert.StartsWith("simulator~", handler.CookieContainer.GetCookies(simulator.Server.BoundUrl)["X-BackEndOverrideCookie"]?.Value, StringComparison.Ordinal);
        var get = EwsRequestWriter.GetEvents(subscribed.SubscriptionId, subscribed.Watermark!);
        Success(EwsResponseReader.GetEvents(await Call(keeping, get)));
        using var forgetful = new HttpClient(new HttpClientHandler { UseCookies = false });
        Assert.Equal(EwsErrors.SubscriptionNotFound, Error(EwsResponseReader.GetEvents(await Call(forgetful, get))));
    }
}
