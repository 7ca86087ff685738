using System.Net;
using System.Text.Json.Nodes;
using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

public sealed class ControlTests
{
    [Fact]
    public async Task Mail_is_delivered_and_events_are_listed_by_http()
    {
        await using var simulator = await StartAsync();
        var id = (await CallAsync(simulator, HttpMethod.Post, $"deliver?mailbox={Ann}&subject=hello%20there&from={Bob}"))!["id"]!.GetValue<string>();
        var item = Success(Success(EwsResponseReader.Items(await simulator.CallAsync(EwsRequestWriter.GetItem([new EwsId(id)])))).Single());
        Assert.Equal(("hello there", Bob), (item.Subject, item.From));
        var events = (await CallAsync(simulator, HttpMethod.Get, $"events?mailbox={Ann}"))!.AsArray();
        Assert.Equal(["Created", "NewMail", "Modified"], events.Select(entry => entry!["type"]!.GetValue<string>()));
        Assert.Equal(id, events[0]!["id"]!.GetValue<string>());
        await CallAsync(simulator, HttpMethod.Post, "activity?count=3");
        Assert.True((await CallAsync(simulator, HttpMethod.Get, $"events?mailbox={Ann}"))!.AsArray().Count > 6);
    }

    [Fact]
    public async Task Faults_are_ordered_listed_and_taken_back_by_http()
    {
        await using var simulator = await StartAsync();
        await CallAsync(simulator, HttpMethod.Post, "faults?kind=serverBusy&count=2&operation=GetFolder&delay=1.5");
        Assert.Equal("ServerBusy GetFolder 2", (await CallAsync(simulator, HttpMethod.Get, "faults"))!.AsArray().Single()!.GetValue<string>());
        var error = Error(EwsResponseReader.Folders(await simulator.CallAsync(EwsRequestWriter.GetFolder(Named("inbox")))));
        Assert.Equal(("ErrorServerBusy", TimeSpan.FromSeconds(1.5)), (error.ResponseCode, error.BackOff));
        await CallAsync(simulator, HttpMethod.Delete, "faults");
        await simulator.InboxAsync();
    }

    [Fact]
    public async Task The_state_names_mailboxes_subscriptions_and_streams()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.StreamAsync("inbox");
        var state = (await CallAsync(simulator, HttpMethod.Get, "state"))!;
        Assert.Equal(Ann, state["mailboxes"]!.AsArray().Single()!.GetValue<string>());
        Assert.Equal(subscribed.SubscriptionId, state["subscriptions"]!.AsArray().Single()!.GetValue<string>());
        Assert.Equal(0, state["openStreams"]!.GetValue<int>());
        await CallAsync(simulator, HttpMethod.Post, "restart");
        Assert.Empty((await CallAsync(simulator, HttpMethod.Get, "state"))!["subscriptions"]!.AsArray());
    }

    [Theory]
    [InlineData("a fault of no kind", "POST", "faults?kind=Earthquake", HttpStatusCode.BadRequest)]
    [InlineData("no occasion", "POST", "faults?kind=Stall&count=0", HttpStatusCode.BadRequest)]
    [InlineData("a count that is none", "POST", "activity?count=x", HttpStatusCode.BadRequest)]
    [InlineData("a count below one", "POST", "activity?count=-1", HttpStatusCode.BadRequest)]
    [InlineData("an empty count", "POST", "activity?count=", HttpStatusCode.BadRequest)]
    [InlineData("two counts", "POST", "activity?count=1&count=2", HttpStatusCode.BadRequest)]
    [InlineData("no count is one", "POST", "activity", HttpStatusCode.OK)]
    [InlineData("a count of faults that is none", "POST", "faults?kind=Stall&count=many", HttpStatusCode.BadRequest)]
    [InlineData("a delay that is none", "POST", "faults?kind=Stall&delay=soon", HttpStatusCode.BadRequest)]
    [InlineData("a delay that is no number", "POST", "faults?kind=Stall&delay=NaN", HttpStatusCode.BadRequest)]
    [InlineData("a delay without end", "POST", "faults?kind=Stall&delay=99999999999999999999", HttpStatusCode.BadRequest)]
    [InlineData("an argument is missing", "POST", "deliver", HttpStatusCode.BadRequest)]
    [InlineData("nothing of that name", "POST", "explode", HttpStatusCode.NotFound)]
    [InlineData("the wrong method", "GET", "restart", HttpStatusCode.NotFound)]
    public async Task What_is_not_understood_is_told(string why, string method, string path, HttpStatusCode status)
    {
        await using var simulator = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(simulator.Server.BoundUrl, "/control/" + path));
        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, why);
    }

    private static async Task<JsonNode?> CallAsync(Simulator simulator, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(simulator.Server.BoundUrl, "/control/" + path));
        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
