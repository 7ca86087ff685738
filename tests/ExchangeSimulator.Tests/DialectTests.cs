using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>Each departure that another server has, shown in the octets, and read all the same.</summary>
public sealed class DialectTests
{
    public static TheoryData<string, Action<SimulatorDialect>, string> Streams => new()
    {
        { "the schema's namespace", dialect => dialect.NotificationInTypes = true, "<t:Notification>" },
        { "all in one message", dialect => dialect.CombinedMessages = true, "<m:ErrorSubscriptionIds /><m:ConnectionStatus>OK" },
        { "MoreEvents", dialect => dialect.MoreEventsInStreams = true, "<t:MoreEvents>false" },
        { "a declaration in front of each", dialect => dialect.DeclarationsInStreams = true, "<?xml version" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_stream_in_a_dialect_tells_the_same(string why, Action<SimulatorDialect> choose, string mark)
    {
        await using var simulator = await StartAsync(options => choose(options.Dialect));
        var subscribed = await simulator.StreamAsync("inbox");
        var item = simulator.Server.DeliverMail(Ann, "hello", Bob);
        using var stream = await simulator.OpenStreamAsync(30, subscribed.SubscriptionId);
        await stream.NextTextAsync();
        var xml = await stream.NextTextAsync();
        Assert.True(xml!.Contains(mark, StringComparison.Ordinal), $"{why}: {xml}");
        var told = Success(EwsResponseReader.Stream(Relay.Wire.Soap.SafeXml.Load(xml))).Notifications.Single();
        Assert.Equal((subscribed.SubscriptionId, item.Id, 3), (told.SubscriptionId, told.Events[0].Object.Id, told.Events.Count));
    }

    [Fact]
    public async Task Ids_in_an_error_may_be_in_the_schemas_namespace()
    {
        await using var simulator = await StartAsync(options => options.Dialect.ErrorIdsInTypes = true);
        using var stream = await simulator.OpenStreamAsync(30, "AAAA");
        var xml = await stream.NextTextAsync();
        Assert.Contains("<t:SubscriptionId>AAAA", xml, StringComparison.Ordinal);
        Assert.Equal(["AAAA"], Success(EwsResponseReader.Stream(Relay.Wire.Soap.SafeXml.Load(xml!))).ErrorSubscriptionIds);
    }

    [Fact]
    public async Task A_server_may_have_no_watermarks()
    {
        await using var simulator = await StartAsync(options => options.Dialect.NoWatermarks = true);
        var subscribed = await simulator.PullAsync("inbox");
        Assert.Null(subscribed.Watermark);
        simulator.Server.DeliverMail(Ann, "hello", Bob);
        foreach (var count in (int[])[3, 1])
        {
            var told = await simulator.EventsAsync(subscribed with { Watermark = "AAAA" });
            Assert.Equal((null, count), (told.PreviousWatermark, told.Events.Count));
            Assert.All(told.Events, entry => Assert.Null(entry.Watermark));
        }
    }

    [Theory]
    [InlineData(false, "ErrorSchemaValidation")]
    [InlineData(true, "")]
    public async Task A_watermark_in_the_wrong_namespace_is_taken_by_a_lenient_server_only(bool isLenient, string code)
    {
        await using var simulator = await StartAsync(options => options.Dialect.LenientWatermark = isLenient);
        var watermark = (await simulator.PullAsync("inbox")).Watermark;
        var body = EwsRequestWriter.Subscribe(new SubscribeRequest(SubscriptionKind.Pull, true, [], EwsEventTypes.All, watermark, 5));
        body.Descendants(EwsNames.Types + "Watermark").Single().Name = EwsNames.Messages + "Watermark";
        var answer = EwsResponseReader.Subscribe(await simulator.CallAsync(body));
        Assert.Equal(code, answer is EwsResult<EwsSubscribed>.Error error ? error.Problem.ResponseCode : "");
    }
}
