using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

public sealed class StreamingTests
{
    [Fact]
    public async Task A_stream_begins_with_ok_tells_events_and_ends_with_closed()
    {
        await using var simulator = await StartAsync(options => options.Minute = TimeSpan.FromSeconds(1));
        var subscribed = await simulator.StreamAsync("inbox");
        Assert.Null(subscribed.Watermark);
        using var stream = await simulator.OpenStreamAsync(1, subscribed.SubscriptionId);
        Assert.True(stream.Response.Headers.TransferEncodingChunked);
        Assert.Equal((ConnectionStatus.OK, 0), Facts(await stream.NextAsync()));

        var item = simulator.Server.DeliverMail(Ann, "hello", Bob);
        var told = await stream.NextAsync();
        Assert.Equal((null, 1), Facts(told));
        Assert.Equal(subscribed.SubscriptionId, told.Notifications[0].SubscriptionId);
        Assert.Equal(item.Id, told.Notifications[0].Events[0].Object.Id);
        Assert.Equal(ConnectionStatus.Closed, (await stream.UntilAsync(message => message.Status is not null)).Status);
        Assert.Null(await stream.NextTextAsync());
    }

    [Fact]
    public async Task An_envelope_is_written_as_the_clients_in_the_field_need_it()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.StreamAsync("inbox");
        using var stream = await simulator.OpenStreamAsync(1, subscribed.SubscriptionId);
        const string Start = "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\">"
            + "<soap11:Header xmlns:soap11=\"http://schemas.xmlsoap.org/soap/envelope/\"><ServerVersionInfo MajorVersion=\"15\" ";
        var first = await stream.NextTextAsync();
        Assert.StartsWith(Start, first, StringComparison.Ordinal);
        Assert.EndsWith("</soap11:Body></Envelope>", first, StringComparison.Ordinal);

        simulator.Server.DeliverMail(Ann, "hello", Bob);
        var second = await stream.NextTextAsync();
        Assert.Contains("<m:Notifications><m:Notification><t:SubscriptionId>", second, StringComparison.Ordinal);
        Assert.DoesNotContain("Watermark", second, StringComparison.Ordinal);
        Assert.DoesNotContain("MoreEvents", second, StringComparison.Ordinal);
        Assert.DoesNotContain("ConnectionStatus", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_stream_says_that_it_lives()
    {
        await using var simulator = await StartAsync(options => options.Heartbeat = TimeSpan.FromMilliseconds(30));
        var subscribed = await simulator.StreamAsync("inbox");
        using var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal((ConnectionStatus.OK, 0), Facts(await stream.NextAsync()));
        }
    }

    [Fact]
    public async Task Events_between_two_connections_are_told_by_the_second()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.StreamAsync("inbox");
        using (var first = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId))
        {
            await first.NextAsync();
        }

        await simulator.UntilNoStreamIsOpenAsync();
        var item = simulator.Server.DeliverMail(Ann, "between", Bob);
        using var second = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        var told = await second.UntilAsync(message => message.Notifications.Count > 0);
        Assert.Equal(item.Id, told.Notifications[0].Events[0].Object.Id);
    }

    [Fact]
    public async Task One_bad_id_fails_the_whole_request_and_is_named()
    {
        await using var simulator = await StartAsync();
        var good = await simulator.StreamAsync("inbox");
        using var stream = await simulator.OpenStreamAsync(30, good.SubscriptionId, "AAAA");
        var message = await stream.NextAsync();
        Assert.Equal((EwsErrors.SubscriptionNotFound, ConnectionStatus.Closed), (message.Problem, message.Status));
        Assert.Equal(["AAAA"], message.ErrorSubscriptionIds);
        Assert.Null(await stream.NextTextAsync());
    }

    [Fact]
    public async Task The_older_of_two_connections_is_told_and_ends()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.StreamAsync("inbox");
        using var older = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        await older.NextAsync();
        using var newer = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        var message = await older.NextAsync();
        Assert.Equal((EwsErrors.NewEventStreamConnectionOpened, ConnectionStatus.Closed), (message.Problem, message.Status));
        await newer.NextAsync();
        simulator.Server.DeliverMail(Ann, "hello", Bob);
        Assert.Single((await newer.UntilAsync(entry => entry.Notifications.Count > 0)).Notifications);
    }

    [Fact]
    public async Task Unsubscribing_ends_the_stream_that_serves_it()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.StreamAsync("inbox");
        using var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        await stream.NextAsync();
        await simulator.CallAsync(EwsRequestWriter.Unsubscribe(subscribed.SubscriptionId));
        Assert.Equal(EwsErrors.SubscriptionUnsubscribed, (await stream.NextAsync()).Problem);
        Assert.Null(await stream.NextTextAsync());
    }

    [Fact]
    public async Task Events_that_were_forgotten_are_a_gap_and_not_an_end()
    {
        await using var simulator = await StartAsync(options => options.EventsHeld = 3);
        var subscribed = await simulator.StreamAsync("inbox");
        for (var i = 0; i < 5; i++)
        {
            simulator.Server.DeliverMail(Ann, "hello", Bob);
        }

        using var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        var gap = await stream.UntilAsync(message => message.Problem is not null);
        Assert.Equal((EwsErrors.MissedNotificationEvents, null), (gap.Problem, gap.Status));
        Assert.NotEmpty((await stream.NextAsync()).Notifications);
    }

    [Fact]
    public async Task Notifications_of_several_subscriptions_share_an_envelope()
    {
        await using var simulator = await StartAsync();
        var one = await simulator.StreamAsync("inbox");
        var two = await simulator.StreamAsync();
        simulator.Server.DeliverMail(Ann, "hello", Bob);
        using var stream = await simulator.OpenStreamAsync(30, one.SubscriptionId, two.SubscriptionId);
        var told = await stream.UntilAsync(message => message.Notifications.Count > 0);
        Assert.Equal([one.SubscriptionId, two.SubscriptionId], told.Notifications.Select(entry => entry.SubscriptionId));
    }

    private static (ConnectionStatus? Status, int Notifications) Facts(EwsStreamMessage message) =>
        (message.Status, message.Notifications.Count);
}
