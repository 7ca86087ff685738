using Relay.ExchangeSimulator.Subscriptions;
using Relay.Wire.Ews;
using Relay.Wire.Soap;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

public sealed class PushTests
{
    [Fact]
    public async Task A_status_comes_at_once_and_then_events_in_a_chain_of_watermarks()
    {
        await using var simulator = await StartAsync();
        await using var listener = new PushListener();
        var subscribed = await SubscribeAsync(simulator, listener.Url);
        var status = await listener.NextAsync();
        Assert.Equal((subscribed.SubscriptionId, subscribed.Watermark, false), (status.SubscriptionId, status.PreviousWatermark, status.MoreEvents));
        Assert.Equal(MailboxEvent.Status(subscribed.Watermark), status.Events.Single());

        var previous = subscribed.Watermark;
        for (var i = 0; i < 3; i++)
        {
            simulator.Server.DeliverMail(Ann, "hello", Bob);
            var told = await listener.NextAsync();
            Assert.Equal((previous, 3), (told.PreviousWatermark, told.Events.Count));
            previous = told.Events[^1].Watermark;
        }
    }

    [Fact]
    public async Task A_push_is_written_as_exchange_writes_it_and_is_valid()
    {
        await using var simulator = await StartAsync();
        await using var listener = new PushListener();
        await SubscribeAsync(simulator, listener.Url);
        var (body, action) = await listener.NextRawAsync();
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?><soap11:Envelope", body, StringComparison.Ordinal);
        Assert.Contains("RequestServerVersion Version=\"Exchange2013_SP1\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("ServerVersionInfo", body, StringComparison.Ordinal);
        Assert.Equal("\"http://schemas.microsoft.com/exchange/services/2006/messages/SendNotification\"", action);
        Assert.Null(SchemaFolder is { } folder ? EwsSchemaSet.FromFolder(folder).Validate(body) : null);
    }

    [Fact]
    public async Task A_listener_that_answers_unsubscribe_hears_nothing_more()
    {
        await using var simulator = await StartAsync();
        await using var listener = new PushListener(_ => (200, PushListener.Answer("Unsubscribe")));
        await SubscribeAsync(simulator, listener.Url);
        await listener.NextAsync();
        await UntilAsync(() => simulator.Server.Subscriptions.Count == 0);
    }

    [Theory]
    [InlineData("another status", 202, "OK")]
    [InlineData("an error", 500, "OK")]
    [InlineData("case counts", 200, "ok")]
    [InlineData("the spelling of a client's manual", 200, "UNSUBSCRIBE")]
    public async Task Anything_but_a_valid_answer_is_tried_again_with_the_same_octets_and_then_given_up(string why, int status, string answer)
    {
        await using var simulator = await StartAsync(options => options.Minute = TimeSpan.FromMilliseconds(400));
        await using var listener = new PushListener(_ => (status, PushListener.Answer(answer)));
        await SubscribeAsync(simulator, listener.Url, statusFrequency: 1);
        var first = await listener.NextRawAsync();
        Assert.True(first == await listener.NextRawAsync(), why);
        Assert.True(first == await listener.NextRawAsync(), why);
        await UntilAsync(() => simulator.Server.Subscriptions.Count == 0);
    }

    [Fact]
    public async Task A_listener_that_comes_back_in_time_misses_nothing()
    {
        await using var simulator = await StartAsync(options => options.Minute = TimeSpan.FromMilliseconds(200));
        await using var listener = new PushListener(count => count is 1 or 2 ? (503, "") : (200, PushListener.Answer("OK")));
        var subscribed = await SubscribeAsync(simulator, listener.Url, statusFrequency: 60);
        await listener.NextAsync();
        simulator.Server.DeliverMail(Ann, "one", Bob);
        var first = await listener.NextAsync();
        simulator.Server.DeliverMail(Ann, "two", Bob);
        Assert.Equivalent(first, await listener.NextAsync());
        Assert.Equivalent(first, await listener.NextAsync());
        var second = await listener.NextAsync();
        Assert.Equal(subscribed.Watermark, first.PreviousWatermark);
        Assert.Equal(first.Events[^1].Watermark, second.PreviousWatermark);
    }

    [Fact]
    public async Task An_idle_subscription_sends_a_status_each_period()
    {
        await using var simulator = await StartAsync(options => options.Minute = TimeSpan.FromMilliseconds(100));
        await using var listener = new PushListener();
        await SubscribeAsync(simulator, listener.Url, statusFrequency: 1);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(MailboxEventType.Status, (await listener.NextAsync()).Events.Single().Type);
        }
    }

    [Fact]
    public async Task A_subscription_whose_events_are_gone_says_so_and_ends()
    {
        await using var simulator = await StartAsync(options => options.EventsHeld = 2);
        await using var listener = new PushListener();
        var subscribed = await SubscribeAsync(simulator, listener.Url, configure: simulator.Server.ForgetEvents);
        EwsResult<EwsNotification> last;
        do
        {
            simulator.Server.DeliverMail(Ann, "one", Bob);
            simulator.Server.DeliverMail(Ann, "two", Bob);
            last = EwsResponseReader.SendNotification(SafeXml.Load((await listener.NextRawAsync()).Body));
        }
        while (last is not EwsResult<EwsNotification>.Error);

        Assert.Equal(EwsErrors.ReadEventsFailed with { SubscriptionId = subscribed.SubscriptionId }, Error(last));
        await UntilAsync(() => simulator.Server.Subscriptions.Count == 0);
    }

    [Fact]
    public async Task Pushes_are_doubled_swapped_and_lost_on_order()
    {
        await using var simulator = await StartAsync();
        await using var listener = new PushListener();
        await SubscribeAsync(simulator, listener.Url);
        await listener.NextAsync();

        simulator.Server.Arm(SimulatorFault.PushDuplicate);
        simulator.Server.DeliverMail(Ann, "doubled", Bob);
        var doubled = await listener.NextEventsAsync();
        Assert.Equivalent(doubled, await listener.NextEventsAsync());

        simulator.Server.Arm(SimulatorFault.PushReorder);
        simulator.Server.DeliverMail(Ann, "second", Bob);
        await UntilAsync(() => simulator.Server.ArmedFaults.Count == 0);
        simulator.Server.DeliverMail(Ann, "first", Bob);
        var early = await listener.NextEventsAsync();
        var late = await listener.NextEventsAsync();
        Assert.Equal(late.Events[^1].Watermark, early.PreviousWatermark);

        simulator.Server.Arm(SimulatorFault.PushLost);
        simulator.Server.DeliverMail(Ann, "lost", Bob);
        await UntilAsync(() => simulator.Server.ArmedFaults.Count == 0);
        simulator.Server.DeliverMail(Ann, "after", Bob);
        Assert.NotEqual(early.Events[^1].Watermark, (await listener.NextEventsAsync()).PreviousWatermark);
    }

    [Theory]
    [InlineData("the least: both tries within the minute", 1, "0.5 1")]
    [InlineData("five", 5, "0.5 1 2 4")]
    [InlineData("the official client's own default: six retries", 30, "0.5 1 2 4 8 16")]
    [InlineData("a day: twelve", 1440, "0.5 1 2 4 8 16 32 64 128 256 512 1024")]
    public void Retries_double_and_never_go_beyond_the_status_frequency(string why, int minutes, string expected) =>
        Assert.True(expected == string.Join(' ', PushSchedule.Retries(minutes)), why);

    [Theory]
    [InlineData("another scheme", "mailto:a@b")]
    [InlineData("nothing", "")]
    [InlineData("no URL", "listen here")]
    public async Task A_url_that_cannot_be_served_is_refused(string why, string url)
    {
        await using var simulator = await StartAsync();
        var answer = await simulator.CallAsync(EwsRequestWriter.Subscribe(
            new SubscribeRequest(SubscriptionKind.Push, false, Named("inbox"), EwsEventTypes.All, null, null, 1, url)));
        Assert.True(EwsErrors.InvalidPushSubscriptionUrl == Error(EwsResponseReader.Subscribe(answer)), why);
    }

    [Fact]
    public async Task A_push_subscription_can_be_neither_pulled_nor_ended_by_the_subscriber()
    {
        await using var simulator = await StartAsync();
        await using var listener = new PushListener();
        var subscribed = await SubscribeAsync(simulator, listener.Url);
        foreach (var request in (System.Xml.Linq.XElement[])
            [EwsRequestWriter.GetEvents(subscribed.SubscriptionId, subscribed.Watermark!), EwsRequestWriter.Unsubscribe(subscribed.SubscriptionId)])
        {
            Assert.Equal(EwsErrors.InvalidPullSubscriptionId, Error(EwsResponseReader.GetEvents(await simulator.CallAsync(request))));
        }
    }

    private static async Task<EwsSubscribed> SubscribeAsync(
        Simulator simulator, string url, int statusFrequency = 30, Action<string>? configure = null)
    {
        simulator.Server.DeliverMail(Ann, "before", Bob);
        configure?.Invoke(Ann);
        return await simulator.SubscribeAsync(
            new SubscribeRequest(SubscriptionKind.Push, false, Named("inbox"), EwsEventTypes.All, null, null, statusFrequency, url));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(condition());
    }
}
