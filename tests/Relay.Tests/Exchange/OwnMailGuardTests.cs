using System.Diagnostics;
using Relay.Exchange;
using Relay.ExchangeSimulator;
using Relay.Store;
using Relay.Wire.Ews;
using Relay.Wire.Soap;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>While Exchange is asked for Message-IDs, the stream is not read: an Exchange that is slow, but answers, must not make it wait for each mailbox anew.</summary>
public sealed class OwnMailGuardTests : IAsyncLifetime
{
    private const int Mailboxes = 6;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync();
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_slow_Exchange_holds_a_batch_back_for_one_limit_however_many_mailboxes_it_tells_of()
    {
        var told = new List<Telling>();
        for (var i = 0; i < Mailboxes; i++)
        {
            told.Add(await ToldAsync($"m{i}@corp.example"));
        }

        _stage.Server.Arm(SimulatorFault.Stall, Mailboxes, "GetItem", Slow);
        var clock = Stopwatch.StartNew();
        Assert.Empty(await _stage.Guard.LookAsync(GroupOf(told), told, CancellationToken.None));

        Assert.InRange(clock.Elapsed, Slow, (Mailboxes - 1) * Slow);
    }

    [Fact]
    public async Task What_one_server_does_not_say_leaves_the_mailboxes_of_others_asked()
    {
        Telling[] anns = [await ToldAsync(Ann)];
        Telling[] bobs = [await ToldAsync(Bob)];
        var annsGroup = GroupOf(anns);
        _stage.Server.Arm(SimulatorFault.TransientError, 3, "GetItem");

        await _stage.Guard.LookAsync(annsGroup, anns, CancellationToken.None);
        await _stage.Guard.LookAsync(annsGroup, anns, CancellationToken.None);
        Assert.Contains("GetItem 2", Assert.Single(_stage.Server.ArmedFaults), StringComparison.Ordinal);
        await _stage.Guard.LookAsync(GroupOf(bobs), bobs, CancellationToken.None);
        Assert.Contains("GetItem 1", Assert.Single(_stage.Server.ArmedFaults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ann's mailbox alone is refused", SimulatorFault.SchemaViolation, 1)]
    [InlineData("the server is out of sorts", SimulatorFault.TransientError, 2)]
    public async Task A_mailbox_that_is_refused_leaves_the_others_of_its_group_asked(string why, SimulatorFault fault, int leftArmed)
    {
        Telling[] told = [await ToldAsync(Ann), await ToldAsync(Bob)];
        _stage.Server.Arm(fault, 3, "GetItem");

        await _stage.Guard.LookAsync(GroupOf(told), told, CancellationToken.None);

        Assert.True(Assert.Single(_stage.Server.ArmedFaults).Contains($"GetItem {leftArmed}", StringComparison.Ordinal), why);
    }

    private WatchGroup GroupOf(IEnumerable<Telling> told)
    {
        var group = new WatchGroup(told.First().Mailbox.Address, _stage.Options);
        foreach (var telling in told)
        {
            Assert.True(group.TryAdd(telling.Mailbox));
        }

        return group;
    }

    private async Task<Telling> ToldAsync(string address)
    {
        var item = _stage.Server.DeliverMail(address, "Hello", Bob);
        var id = await _stage.Store.CommitAsync(
            transaction =>
            {
                var mailbox = transaction.Watches.MailboxId(address);
                transaction.Subscriptions.Add(new NewSubscription(
                    address, "p", SubscriptionKind.Push, mailbox, true, [], EwsEventTypes.All, 30, address, "ews@gateway.example",
                    SoapVersion.Soap11, null, new LogPosition(0), DateTimeOffset.UtcNow));
                return mailbox;
            },
            CancellationToken.None);
        var created = new MailboxEvent { Type = MailboxEventType.Created, Object = item, ParentFolder = new EwsId("inbox") };
        return new Telling(new MailboxWatch(id, address, null, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), new Random(1))), "s", [created], false);
    }
}
