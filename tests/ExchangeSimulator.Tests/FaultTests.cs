using System.IO.Compression;
using System.Net;
using System.Text;
using Relay.Wire.Ews;
using Relay.Wire.Soap;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

public sealed class FaultTests
{
    private static readonly TimeSpan Seven = TimeSpan.FromSeconds(7);

    [Theory]
    [InlineData(SimulatorFault.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData(SimulatorFault.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData(SimulatorFault.Unavailable, HttpStatusCode.ServiceUnavailable)]
    [InlineData(SimulatorFault.ErrorPage, HttpStatusCode.Found)]
    [InlineData(SimulatorFault.ServerBusy, HttpStatusCode.InternalServerError)]
    [InlineData(SimulatorFault.SchemaViolation, HttpStatusCode.InternalServerError)]
    [InlineData(SimulatorFault.TransientError, HttpStatusCode.InternalServerError)]
    public async Task A_status_on_order_comes_once(SimulatorFault fault, HttpStatusCode expected)
    {
        await using var simulator = await StartAsync();
        simulator.Server.Arm(fault, delay: Seven);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        foreach (var status in (HttpStatusCode[])[expected, HttpStatusCode.OK])
        {
            using var request = simulator.Request(EwsRequestWriter.GetFolder(Named("inbox")));
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, response.StatusCode);
            Assert.Equal(status == HttpStatusCode.ServiceUnavailable ? Seven : null, response.Headers.RetryAfter?.Delta);
        }
    }

    [Theory]
    [InlineData(SimulatorFault.ServerBusy, true)]
    [InlineData(SimulatorFault.ServerBusyMessage, false)]
    public async Task A_busy_server_tells_how_long_to_wait(SimulatorFault fault, bool isFault)
    {
        await using var simulator = await StartAsync();
        simulator.Server.Arm(fault, delay: Seven);
        var error = Error(EwsResponseReader.GetEvents(await simulator.CallAsync(EwsRequestWriter.GetEvents("S", "W"))));
        Assert.Equal(("ErrorServerBusy", Seven, isFault), (error.ResponseCode, error.BackOff, error.IsFault));
    }

    [Theory]
    [InlineData(SimulatorFault.DropRequest, 0)]
    [InlineData(SimulatorFault.DropAnswer, 1)]
    public async Task A_dropped_connection_leaves_the_caller_in_doubt(SimulatorFault fault, int subscriptions)
    {
        await using var simulator = await StartAsync();
        simulator.Server.Arm(fault, operation: "Subscribe");
        await simulator.InboxAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => simulator.PullAsync("inbox"));
        Assert.Equal(subscriptions, simulator.Server.Subscriptions.Count);
    }

    [Fact]
    public async Task An_answer_may_stall()
    {
        await using var simulator = await StartAsync();
        simulator.Server.Arm(SimulatorFault.Stall, delay: TimeSpan.FromMinutes(1));
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        using var request = simulator.Request(EwsRequestWriter.GetFolder(Named("inbox")));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => simulator.Http.SendAsync(request, patience.Token));
    }

    [Theory]
    [InlineData(SimulatorFault.AgedWatermark, "ErrorInvalidWatermark")]
    [InlineData(SimulatorFault.SubscriptionLost, "ErrorSubscriptionNotFound")]
    public async Task A_subscription_may_seem_to_be_gone(SimulatorFault fault, string code)
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.PullAsync("inbox");
        simulator.Server.Arm(fault);
        var request = EwsRequestWriter.GetEvents(subscribed.SubscriptionId, subscribed.Watermark!);
        Assert.Equal(code, Error(EwsResponseReader.GetEvents(await simulator.CallAsync(request))).ResponseCode);
        Success(EwsResponseReader.GetEvents(await simulator.CallAsync(request)));
    }

    [Fact]
    public async Task A_stream_that_drops_in_the_middle_of_an_envelope_tells_its_events_to_the_next()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.StreamAsync("inbox");
        simulator.Server.Arm(SimulatorFault.StreamDrop);
        using (var first = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId))
        {
            await first.NextAsync();
            simulator.Server.DeliverMail(Ann, "hello", Bob);
            await Assert.ThrowsAnyAsync<IOException>(first.NextTextAsync);
        }

        await simulator.UntilNoStreamIsOpenAsync();
        using var second = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        Assert.Equal(3, (await second.UntilAsync(message => message.Notifications.Count > 0)).Notifications[0].Events.Count);
    }

    [Fact]
    public async Task A_stream_may_end_without_closed()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.StreamAsync("inbox");
        using var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        Assert.Equal(ConnectionStatus.OK, (await stream.NextAsync()).Status);
        simulator.Server.Arm(SimulatorFault.StreamNoClosed);
        Assert.Null(await stream.NextTextAsync());
    }

    [Fact]
    public async Task Events_may_be_missed_and_the_stream_goes_on()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.StreamAsync("inbox");
        simulator.Server.Arm(SimulatorFault.StreamMissedEvents);
        simulator.Server.DeliverMail(Ann, "missed", Bob);
        using var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        var gap = await stream.UntilAsync(message => message.Problem is not null);
        Assert.Equal((EwsErrors.MissedNotificationEvents, null), (gap.Problem, gap.Status));
        var item = simulator.Server.DeliverMail(Ann, "told", Bob);
        Assert.Equal(item.Id, (await stream.NextAsync()).Notifications[0].Events[0].Object.Id);
    }

    [Theory]
    [InlineData(SimulatorFault.StreamSlow)]
    [InlineData(SimulatorFault.StreamCoalesced)]
    public async Task Envelopes_in_pieces_or_together_are_still_envelopes(SimulatorFault fault)
    {
        await using var simulator = await StartAsync(options => options.Heartbeat = TimeSpan.FromMilliseconds(100));
        var subscribed = await simulator.StreamAsync("inbox");
        simulator.Server.Arm(fault, delay: TimeSpan.FromMilliseconds(200));
        var item = simulator.Server.DeliverMail(Ann, "hello", Bob);
        using var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        var told = await stream.UntilAsync(message => message.Notifications.Count > 0);
        Assert.Equal(item.Id, told.Notifications[0].Events[0].Object.Id);
    }

    [Fact]
    public async Task A_silent_stream_says_nothing_at_all()
    {
        await using var simulator = await StartAsync(options => options.Heartbeat = TimeSpan.FromMilliseconds(20));
        var subscribed = await simulator.StreamAsync("inbox");
        simulator.Server.Arm(SimulatorFault.StreamSilence, delay: TimeSpan.FromMilliseconds(600));
        using var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        await stream.NextAsync();
        var silence = System.Diagnostics.Stopwatch.StartNew();
        await stream.NextAsync();
        Assert.True(silence.ElapsedMilliseconds > 300, $"{silence.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task Streams_and_answers_may_be_compressed()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.StreamAsync("inbox");
        simulator.Server.Arm(SimulatorFault.Gzip, count: 2);
        using var request = simulator.Request(EwsRequestWriter.GetFolder(Named("inbox")));
        using var answer = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        using var plain = new StreamReader(
            new GZipStream(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress), Encoding.UTF8);
        Assert.Single(Success(EwsResponseReader.Folders(SafeXml.Load(await plain.ReadToEndAsync(TestContext.Current.CancellationToken)))));

        using var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        Assert.Equal(["gzip"], stream.Response.Content.Headers.ContentEncoding);
        using var gzip = new GZipStream(
            await stream.Response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        var splitter = new EwsEnvelopeSplitter();
        var buffer = new byte[4096];
        ReadOnlyMemory<byte> first;
        while (!splitter.TryTake(out first))
        {
            splitter.Append(buffer.AsSpan(0, await gzip.ReadAsync(buffer, TestContext.Current.CancellationToken)));
        }

        Assert.StartsWith("<Envelope", Encoding.UTF8.GetString(first.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_drops_streams_and_forgets_subscriptions_but_not_mailboxes()
    {
        await using var simulator = await StartAsync();
        var item = simulator.Server.DeliverMail(Ann, "kept", Bob);
        var subscribed = await simulator.StreamAsync("inbox");
        using (var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId))
        {
            await stream.NextAsync();
            simulator.Server.Restart();
            await Assert.ThrowsAnyAsync<IOException>(stream.NextTextAsync);
        }

        using var second = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        Assert.Equal(EwsErrors.SubscriptionNotFound, (await second.NextAsync()).Problem);
        Assert.Single(Success(EwsResponseReader.Items(await simulator.CallAsync(EwsRequestWriter.GetItem([item])))));
    }

    [Fact]
    public async Task Another_database_knows_neither_watermarks_nor_sync_states()
    {
        await using var simulator = await StartAsync();
        var subscribed = await simulator.PullAsync("inbox");
        var state = Success(EwsResponseReader.Sync(await simulator.CallAsync(EwsRequestWriter.SyncFolderItems(Named("inbox")[0], null)))).SyncState;
        simulator.Server.BecomeAnotherDatabase();
        Assert.Equal(EwsErrors.InvalidWatermark, Error(EwsResponseReader.GetEvents(
            await simulator.CallAsync(EwsRequestWriter.GetEvents(subscribed.SubscriptionId, subscribed.Watermark!)))));
        Assert.Equal(EwsErrors.InvalidSyncStateData, Error(EwsResponseReader.Sync(
            await simulator.CallAsync(EwsRequestWriter.SyncFolderItems(Named("inbox")[0], state)))));
    }
}
