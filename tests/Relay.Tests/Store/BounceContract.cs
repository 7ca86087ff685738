using Relay.Store;

namespace Relay.Tests.Store;

public abstract class BounceContract(TestStore database) : StoreContract(database)
{
    private static BounceRecord Record(long id, DateTimeOffset? next = null) =>
        new(id, 2, Noon, Noon, next, new LogPosition(17), 1, "<p@g>", "550 5.1.1 no such user") { TroubledSince = Noon.AddDays(-1) };

    [Fact]
    public async Task What_is_saved_takes_the_place_of_what_was_remembered()
    {
        await Commit(tx => tx.Bounces.Save(Record(7)));
        var later = Record(7) with { Score = 3, SuspendedAt = null, MissedFrom = null, ProbeId = null };
        await Commit(tx => tx.Bounces.Save(later));

        Assert.Equal(later, Store.Read(tx => tx.Bounces.Find(7)));
        Assert.Null(Store.Read(tx => tx.Bounces.Find(8)));
        Assert.True(await Commit(tx => tx.Bounces.Remove(7)));
        Assert.False(await Commit(tx => tx.Bounces.Remove(7)));
    }

    [Fact]
    public async Task Those_are_due_whose_time_has_come()
    {
        await Commit(tx =>
        {
            tx.Bounces.Save(Record(1, Noon));
            tx.Bounces.Save(Record(2, Noon - TimeSpan.FromMinutes(1)));
            tx.Bounces.Save(Record(3, Noon + TimeSpan.FromMinutes(1)));
            tx.Bounces.Save(Record(4));
        });

        Assert.Equal([2L, 1L], Store.Read(tx => tx.Bounces.Due(Noon, 10)).Select(record => record.SubscriptionId));
        Assert.Equal([2L], Store.Read(tx => tx.Bounces.Due(Noon, 1)).Select(record => record.SubscriptionId));
    }
}
