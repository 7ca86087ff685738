using Relay.Exchange;
using Relay.ExchangeSimulator;
using Relay.TestKit;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>The pull source against the simulator: what an answer that got lost took along is caught up with.</summary>
public sealed class PullTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync();
        _stage.Options.Mode = ExchangeMode.Pull;
        _stage.Options.PullFastest = TimeSpan.FromMilliseconds(100);
        _stage.Options.PullSlowest = TimeSpan.FromMilliseconds(300);
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_delivered_mail_is_told_once()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var mail = _stage.Server.DeliverMail(Ann, "Hello", Bob);
        await _stage.ToldAsync(Ann, mail, "Created NewMail");
    }

    [Fact]
    public async Task More_events_than_one_answer_holds_come_one_answer_after_the_other()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var mails = Enumerable.Range(0, 80).Select(i => _stage.Server.DeliverMail(Ann, $"mail {i}", Bob)).ToList();
        foreach (var mail in mails)
        {
            await _stage.ToldAsync(Ann, mail, "Created NewMail");
        }
    }

    [Theory]
    [InlineData("the answer got lost with its events", SimulatorFault.DropAnswer)]
    [InlineData("the watermark has aged", SimulatorFault.AgedWatermark)]
    [InlineData("the server has forgotten the subscription", SimulatorFault.SubscriptionLost)]
    public async Task A_subscription_that_failed_is_replaced_and_caught_up_with(string why, SimulatorFault fault)
    {
        await _stage.WatchAsync(Ann, "inbox");
        _stage.Server.Arm(fault, 1, "GetEvents");
        var mail = _stage.Server.DeliverMail(Ann, "meanwhile", Bob);

        await Eventually.TrueAsync(() => _stage.Told(Ann, mail).Contains("NewMail", StringComparison.Ordinal), why);
        Assert.Empty(_stage.Server.ArmedFaults);
        Assert.Single(_stage.Server.Subscriptions);
    }

    [Fact]
    public async Task What_is_queued_behind_answers_that_are_refused_for_good_is_caught_up_with()
    {
        await _stage.WatchAsync(Ann, "inbox");
        _stage.Server.Arm(SimulatorFault.TransientError, 1_000_000, "GetEvents");
        await Eventually.TrueAsync(() => !_stage.Server.ArmedFaults[0].Contains("1000000", StringComparison.Ordinal), "the first refusal");

        var mail = _stage.Server.DeliverMail(Ann, "queued", Bob);
        await _stage.ToldAsync(Ann, mail, "+Created +NewMail");
    }
}
