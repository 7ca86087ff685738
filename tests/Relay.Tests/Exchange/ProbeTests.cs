using Relay.ExchangeSimulator;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>What a check tells the person who sets the relay up.</summary>
public sealed class ProbeTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync(options => options.Mailboxes = [Ann, Bob]);
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_mailbox_that_can_be_watched_is_ok_and_nothing_is_left_behind()
    {
        var findings = await _stage.Probe.CheckAsync([Ann, Bob], CancellationToken.None);

        Assert.All(findings, finding => Assert.True(finding.IsOk, finding.Sentence));
        Assert.Equal([Ann, Bob], findings.Select(finding => finding.Subject));
        Assert.Empty(_stage.Server.Subscriptions);
    }

    [Theory]
    [InlineData("a wrong password", SimulatorFault.Unauthorized, "Relay:Exchange:Password")]
    [InlineData("a policy that blocks EWS", SimulatorFault.Forbidden, "blocked")]
    [InlineData("a throttling policy", SimulatorFault.ServerBusy, "throttling policy of its own")]
    [InlineData("an old server", SimulatorFault.SchemaViolation, "Relay:Exchange:ServerVersion")]
    [InlineData("an overloaded server", SimulatorFault.Unavailable, "busy")]
    public async Task What_is_wrong_is_named_with_what_to_do(string why, SimulatorFault fault, string word)
    {
        _stage.Server.Arm(fault);

        var finding = Assert.Single(await _stage.Probe.CheckAsync([Ann], CancellationToken.None));

        Assert.False(finding.IsOk, why);
        Assert.Contains(word, finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_that_is_not_there_and_a_server_that_is_not_there_are_told_apart()
    {
        var noMailbox = Assert.Single(await _stage.Probe.CheckAsync(["eve@corp.example"], CancellationToken.None));
        _stage.Proxy.Refuses = true;
        _stage.Proxy.CutAll();
        var noServer = Assert.Single(await _stage.Probe.CheckAsync([Ann], CancellationToken.None));

        Assert.Contains("Check the address", noMailbox.Sentence, StringComparison.Ordinal);
        Assert.False(noServer.IsOk);
        Assert.Contains("Exchange", noServer.Sentence, StringComparison.Ordinal);
    }
}
