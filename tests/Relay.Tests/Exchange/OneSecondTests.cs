using Relay.Exchange;
using Relay.ExchangeSimulator;
using Relay.TestKit;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>
/// Two changes of one item within one second, the first told, the second in an answer that stalls while the sync states could move forward, and
/// then gets lost: nothing but catching up can tell it. See the remarks of <see cref="ToldEvents"/>.
/// </summary>
public sealed class OneSecondTests : IAsyncLifetime
{
    private readonly HeldClock _clock = new();
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync(serverTime: _clock);
        _stage.Options.Mode = ExchangeMode.Pull;
        _stage.Options.PullFastest = TimeSpan.FromMilliseconds(100);
        _stage.Options.PullSlowest = TimeSpan.FromMilliseconds(100);

        // Longer than the states take to move forward.
        _stage.Options.RequestTimeout = TimeSpan.FromSeconds(6);
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_second_of_two_changes_in_one_second_is_caught_up_with()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var mail = _stage.Server.DeliverMail(Ann, "Hello", Bob);
        await _stage.ToldAsync(Ann, mail, "Created NewMail");

        _clock.Hold();
        _stage.Server.UpdateItem(mail, "first");
        await _stage.ToldAsync(Ann, mail, "Created NewMail Modified");
        var firstChange = _stage.Log(Ann)[^1].Position;
        _stage.Server.Arm(SimulatorFault.Stall, 1, "GetEvents", TimeSpan.FromMinutes(1));
        _stage.Server.UpdateItem(mail, "second");
        await Eventually.TrueAsync(() => _stage.Server.ArmedFaults.Count == 0, "the answer that stalls");
        _clock.Release();

        await Eventually.TrueAsync(
            () => _stage.Told(Ann, mail) is "Created NewMail Modified +Modified" || _stage.IsSettled(Ann, firstChange), "the states beyond the first change");
        await _stage.ToldAsync(Ann, mail, "Created NewMail Modified +Modified");
    }
}
