using Relay.Exchange;
using Relay.ExchangeSimulator;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>Servers that depart from Exchange as known ones do are understood all the same.</summary>
public sealed class DialectTests
{
    [Theory]
    [InlineData("t:Notification, as the schema has it", nameof(SimulatorDialect.NotificationInTypes))]
    [InlineData("t:SubscriptionId in ErrorSubscriptionIds", nameof(SimulatorDialect.ErrorIdsInTypes))]
    [InlineData("events, error ids and status in one message", nameof(SimulatorDialect.CombinedMessages))]
    [InlineData("MoreEvents in a stream", nameof(SimulatorDialect.MoreEventsInStreams))]
    [InlineData("a declaration before each envelope", nameof(SimulatorDialect.DeclarationsInStreams))]
    public async Task A_stream_is_understood_and_survives_the_loss_of_its_subscription(string why, string dialect)
    {
        await using var stage = await SetAsync(options => Switch(options.Dialect, dialect));
        await stage.StartRelayAsync();
        await stage.WatchAsync(Ann, "inbox");
        var mail = stage.Server.DeliverMail(Ann, why, Bob);
        await stage.ToldAsync(Ann, mail, "Created NewMail");

        stage.Server.ForgetSubscriptions();
        await stage.StreamingAsync(Ann);
    }

    [Fact]
    public async Task A_server_without_watermarks_can_be_pulled()
    {
        await using var stage = await SetAsync(options => options.Dialect.NoWatermarks = true);
        stage.Options.Mode = ExchangeMode.Pull;
        stage.Options.PullFastest = TimeSpan.FromMilliseconds(100);
        await stage.StartRelayAsync();
        await stage.WatchAsync(Ann, "inbox");

        var mail = stage.Server.DeliverMail(Ann, "unmarked", Bob);
        await stage.ToldAsync(Ann, mail, "Created NewMail");
    }

    private static void Switch(SimulatorDialect dialect, string name) => typeof(SimulatorDialect).GetProperty(name)!.SetValue(dialect, true);
}
