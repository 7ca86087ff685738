using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

public sealed class PullTests
{
    [Fact]
    public async Task A_delivery_is_told_as_created_new_mail_and_modified_folder()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.PullAsync("inbox");
        var item = simulator.Server.DeliverMail(Ann, "hello", Bob);
        var told = await simulator.EventsAsync(subscribed);
        Assert.Equal(
            [MailboxEventType.Created, MailboxEventType.NewMail, MailboxEventType.Modified], told.Events.Select(entry => entry.Type));
        Assert.Equal([item.Id, item.Id], told.Events.Take(2).Select(entry => entry.Object.Id));
        Assert.Equal((true, 1), (told.Events[2].IsFolder, told.Events[2].UnreadCount));
        Assert.Equal((subscribed.SubscriptionId, subscribed.Watermark, false), (told.SubscriptionId, told.PreviousWatermark, told.MoreEvents));
        Assert.All(told.Events, entry => Assert.Equal(29, Convert.FromBase64String(entry.Watermark!).Length));
    }

    [Fact]
    public async Task Without_events_there_is_one_status_event()
    {
        await using var simulator = await StartAsync();
        var told = await simulator.EventsAsync(await simulator.PullAsync("inbox"));
        Assert.Equal(MailboxEventType.Status, told.Events.Single().Type);
        Assert.NotNull(told.Events.Single().Watermark);
    }

    [Fact]
    public async Task The_fifty_first_event_waits_for_the_next_call()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.SubscribeAsync(
            new SubscribeRequest(SubscriptionKind.Pull, false, Named("inbox"), EwsEventTypes.NewMail, null, 5));
        for (var i = 0; i < 51; i++)
        {
            simulator.Server.DeliverMail(Ann, "hello", Bob);
        }

        var first = await simulator.EventsAsync(subscribed);
        Assert.Equal((50, true), (first.Events.Count, first.MoreEvents));
        var second = await simulator.EventsAsync(subscribed with { Watermark = first.Events[^1].Watermark });
        Assert.Equal((1, false, first.Events[^1].Watermark), (second.Events.Count, second.MoreEvents, second.PreviousWatermark));
    }

    [Fact]
    public async Task What_was_told_is_not_told_again_but_a_new_subscription_may_begin_there()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.PullAsync("inbox");
        simulator.Server.DeliverMail(Ann, "hello", Bob);
        var told = await simulator.EventsAsync(subscribed);
        var again = EwsResponseReader.GetEvents(
            await simulator.CallAsync(EwsRequestWriter.GetEvents(subscribed.SubscriptionId, subscribed.Watermark!)));
        Assert.Equal(EwsErrors.InvalidWatermark, Error(again));

        var renewed = await simulator.SubscribeAsync(
            new SubscribeRequest(SubscriptionKind.Pull, false, Named("inbox"), EwsEventTypes.All, subscribed.Watermark, 5));
        Assert.Equal(told.Events.Select(entry => entry.Watermark), (await simulator.EventsAsync(renewed)).Events.Select(entry => entry.Watermark));
    }

    [Fact]
    public async Task An_idle_subscription_ends_after_its_timeout()
    {
        await using var simulator = await StartAsync(options => options.Minute = TimeSpan.FromMilliseconds(20));
        var subscribed = await simulator.SubscribeAsync(
            new SubscribeRequest(SubscriptionKind.Pull, false, Named("inbox"), EwsEventTypes.All, null, 1));
        EwsError? error = null;
        for (var i = 0; i < 100 && error is null; i++)
        {
            await Task.Delay(30, TestContext.Current.CancellationToken);
            var answer = EwsResponseReader.GetEvents(
                await simulator.CallAsync(EwsRequestWriter.GetEvents(subscribed.SubscriptionId, subscribed.Watermark!)));
            error = (answer as EwsResult<EwsNotification>.Error)?.Problem;
        }

        Assert.Equal(EwsErrors.SubscriptionNotFound, error);
    }

    [Fact]
    public async Task Events_that_aged_out_end_the_subscription_and_spoil_the_watermark()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.PullAsync("inbox");
        simulator.Server.DeliverMail(Ann, "hello", Bob);
        simulator.Server.ForgetEvents(Ann);
        var answer = await simulator.CallAsync(EwsRequestWriter.GetEvents(subscribed.SubscriptionId, subscribed.Watermark!));
        Assert.Equal(EwsErrors.EventNotFound, Error(EwsResponseReader.GetEvents(answer)));
        var renewed = await simulator.CallAsync(EwsRequestWriter.Subscribe(
            new SubscribeRequest(SubscriptionKind.Pull, false, Named("inbox"), EwsEventTypes.All, subscribed.Watermark, 5)));
        Assert.Equal(EwsErrors.InvalidWatermark, Error(EwsResponseReader.Subscribe(renewed)));
    }

    public static TheoryData<string, Func<EwsSubscribed, System.Xml.Linq.XElement>, string, EwsError> Errors => new()
    {
        { "an id of nobody", _ => EwsRequestWriter.GetEvents("AAAA", "AAAA"), Ann, EwsErrors.SubscriptionNotFound },
        { "a blank id passes the schema", _ => EwsRequestWriter.GetEvents(" ", "AAAA"), Ann, EwsErrors.InvalidIdEmpty },
        { "a watermark of no server", it => EwsRequestWriter.GetEvents(it.SubscriptionId, "AAAA"), Ann, EwsErrors.InvalidWatermark },
        { "another's subscription", it => EwsRequestWriter.GetEvents(it.SubscriptionId, it.Watermark!), Bob, EwsErrors.SubscriptionAccessDenied },
        { "another may not end it either", it => EwsRequestWriter.Unsubscribe(it.SubscriptionId), Bob, EwsErrors.SubscriptionAccessDenied },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Errors_bear_the_code_and_the_text_of_exchange(
        string why, Func<EwsSubscribed, System.Xml.Linq.XElement> request, string user, EwsError expected)
    {
        await using var simulator = await StartAsync();
        var answer = await simulator.CallAsync(request(await simulator.PullAsync("inbox")), user);
        Assert.True(expected == Error(EwsResponseReader.GetEvents(answer)), why);
    }

    [Fact]
    public async Task Ending_a_subscription_twice_is_an_error()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.PullAsync("inbox");
        var unsubscribe = EwsRequestWriter.Unsubscribe(subscribed.SubscriptionId);
        Assert.True(Success(EwsResponseReader.Unsubscribe(await simulator.CallAsync(unsubscribe))));
        Assert.Equal(EwsErrors.SubscriptionNotFound, Error(EwsResponseReader.Unsubscribe(await simulator.CallAsync(unsubscribe))));
    }
}
