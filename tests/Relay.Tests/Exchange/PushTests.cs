using Relay.ExchangeSimulator;
using Relay.TestKit;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>The push source: the simulator calls a listener on a real web server.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync();
        await _stage.ListenAsync();
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

    [Theory]
    [InlineData("a notification was never sent", SimulatorFault.PushLost)]
    [InlineData("one came twice", SimulatorFault.PushDuplicate)]
    [InlineData("one came after the next", SimulatorFault.PushReorder)]
    public async Task A_broken_chain_is_caught_up_with(string why, SimulatorFault fault)
    {
        await _stage.WatchAsync(Ann, "inbox");
        _stage.Server.Arm(fault);
        var mail = _stage.Server.DeliverMail(Ann, "first", Bob);
        await Eventually.TrueAsync(() => _stage.Server.ArmedFaults.Count == 0, why);
        var next = _stage.Server.DeliverMail(Ann, "second", Bob);

        await Eventually.TrueAsync(() => _stage.Told(Ann, mail).Contains("NewMail", StringComparison.Ordinal), why);
        await Eventually.TrueAsync(() => _stage.Told(Ann, next).Contains("NewMail", StringComparison.Ordinal), why);
    }

    [Fact]
    public async Task A_stranger_gets_nothing_in()
    {
        using var stranger = new HttpClient();
        using var nonsense = new StringContent("<a><b></a>");
        var answer = await stranger.PostAsync(_stage.Options.PushUrl, nonsense);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
