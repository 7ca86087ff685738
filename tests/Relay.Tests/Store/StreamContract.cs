using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Store;

public abstract class StreamContract(TestStore database) : StoreContract(database)
{
    [Fact]
    public async Task A_stream_is_read_as_it_was_opened()
    {
        var (a, b) = (await Add("a"), await Add("b"));
        long id = await Commit(tx => tx.Streams.Open("frame", Noon + Lease, [a, b]));
        await Database.ReopenAsync();

        var read = Store.Read(tx => tx.Streams.Find(id))!;

        Assert.Equal(new OpenStream(id, Noon + Lease, "frame", StreamEndReason.TimeIsOver, null, read.Subscriptions), read);
        Assert.Equal([a, b], read.Subscriptions);
        Assert.Equal(id, Store.Read(tx => tx.Streams.Of(b))?.Id);
        Assert.Equal(Noon + Lease, Store.Read(tx => tx.Streams.NextEnd()));
        Assert.Empty(Store.Read(tx => tx.Streams.Ending(Noon)));
        Assert.Equal(id, Assert.Single(Store.Read(tx => tx.Streams.Ending(Noon + Lease))).Id);
    }

    [Fact]
    public async Task A_subscription_goes_to_the_newer_stream_and_the_older_is_to_be_closed()
    {
        var (a, b) = (await Add("a"), await Add("b"));
        long older = await Commit(tx => tx.Streams.Open("older", Noon + Lease, [a, b]));
        long newer = await Commit(tx => tx.Streams.Open("newer", Noon + Lease, [a]));

        var ending = Assert.Single(Store.Read(tx => tx.Streams.Ending(Noon)));

        Assert.Equal((older, StreamEndReason.TakenOver, (long?)a), (ending.Id, ending.EndReason, ending.EndSubscription));
        Assert.Equal([b], ending.Subscriptions);
        Assert.Equal(newer, Store.Read(tx => tx.Streams.Of(a))?.Id);
        Assert.Null(Store.Read(tx => tx.Streams.Of(b)));
    }

    [Fact]
    public async Task The_end_of_a_subscription_is_the_end_of_its_stream()
    {
        var (a, b) = (await Add("a"), await Add("b"));
        long id = await Commit(tx => tx.Streams.Open("frame", Noon + Lease, [a, b]));
        await Commit(tx => tx.Subscriptions.End(b, "unsubscribed", Noon));

        var ending = Assert.Single(Store.Read(tx => tx.Streams.Ending(Noon)));

        Assert.Equal((id, StreamEndReason.SubscriptionEnded, (long?)b), (ending.Id, ending.EndReason, ending.EndSubscription));
    }

    [Fact]
    public async Task A_stream_is_removed_once()
    {
        long a = await Add("a");
        long id = await Commit(tx => tx.Streams.Open("frame", Noon, [a]));

        Assert.True(await Commit(tx => tx.Streams.Remove(id)));
        Assert.False(await Commit(tx => tx.Streams.Remove(id)));
        Assert.Null(Store.Read(tx => tx.Streams.Of(a)));
        Assert.Null(Store.Read(tx => tx.Streams.NextEnd()));
    }

    [Fact]
    public async Task Silence_is_judged_by_kind_and_not_while_a_stream_is_open()
    {
        long pull = await Add("pull", SubscriptionKind.Pull);
        await Add("push", SubscriptionKind.Push);
        long streamed = await Add("streamed");
        long quiet = await Add("quiet");
        await Commit(tx => tx.Streams.Open("frame", Noon + Lease, [streamed]));

        Assert.Empty(Store.Read(tx => tx.Subscriptions.Idle(Noon + TimeSpan.FromMinutes(30), 10)));
        var late = Noon + TimeSpan.FromMinutes(30) + TimeSpan.FromMilliseconds(1);
        Assert.Equal([pull, quiet], Store.Read(tx => tx.Subscriptions.Idle(late, 10)).Select(subscription => subscription.Id));
        Assert.Single(Store.Read(tx => tx.Subscriptions.Idle(late, 1)));
    }

    private Task<long> Add(string name, SubscriptionKind kind = SubscriptionKind.Streaming) =>
        Commit(tx => tx.Subscriptions.Add(NewSubscription(name) with { Kind = kind, PeriodMinutes = 30 }));
}
