using Relay.Store;

namespace Relay.Tests.Store;

public abstract class ConfirmationContract(TestStore database) : StoreContract(database)
{
    private static ParkedRequest Request(string address = "app@branch.example", string network = "192.0.2.0/24", DateTimeOffset? at = null) => new(
        at ?? Noon, address, network, "ews@gateway.example", "m1", "app@branch.example", "192.0.2.7", new byte[] { 1, 0, 255, 13, 10 });

    [Fact]
    public async Task A_request_comes_back_as_it_was_kept()
    {
        var bare = Request() with { ReversePath = null, ClientAddress = null };
        long first = await Commit(tx => tx.Confirmations.Add(Request()));
        long second = await Commit(tx => tx.Confirmations.Add(bare));

        Assert.NotEqual(first, second);
        AssertSame(Request(), Store.Read(tx => tx.Confirmations.Find(first, Noon)));
        AssertSame(bare, Store.Read(tx => tx.Confirmations.Find(second, Noon)));
        Assert.Null(Store.Read(tx => tx.Confirmations.Find(second + 1, Noon)));
    }

    [Fact]
    public async Task It_is_found_while_it_is_young_enough()
    {
        long id = await Commit(tx => tx.Confirmations.Add(Request()));
        Assert.NotNull(Store.Read(tx => tx.Confirmations.Find(id, Noon)));
        Assert.Null(Store.Read(tx => tx.Confirmations.Find(id, Noon + TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public async Task It_is_confirmed_once_and_still_counts()
    {
        long id = await Commit(tx => tx.Confirmations.Add(Request()));
        Assert.True(await Commit(tx => tx.Confirmations.Settle(id)));
        Assert.False(await Commit(tx => tx.Confirmations.Settle(id)));
        Assert.False(await Commit(tx => tx.Confirmations.Settle(id + 1)));
        Assert.Null(Store.Read(tx => tx.Confirmations.Find(id, Noon)));
        Assert.Equal(1, Store.Read(tx => tx.Confirmations.CountOfAddress("app@branch.example", Noon)));
    }

    [Fact]
    public async Task They_are_counted_by_address_by_network_and_in_all()
    {
        await Commit(tx =>
        {
            tx.Confirmations.Add(Request());
            tx.Confirmations.Add(Request(at: Noon - TimeSpan.FromHours(2)));
            tx.Confirmations.Add(Request("other@branch.example"));
            tx.Confirmations.Add(Request("third@branch.example", "none"));
        });
        Assert.Equal(1, Store.Read(tx => tx.Confirmations.CountOfAddress("app@branch.example", Noon)));
        Assert.Equal(2, Store.Read(tx => tx.Confirmations.CountOfAddress("app@branch.example", Noon - TimeSpan.FromHours(2))));
        Assert.Equal(2, Store.Read(tx => tx.Confirmations.CountOfNetwork("192.0.2.0/24", Noon)));
        Assert.Equal(3, Store.Read(tx => tx.Confirmations.Count(Noon)));
    }

    [Fact]
    public async Task The_oldest_go_first_and_no_more_than_was_asked_for()
    {
        var ids = await Commit(tx => Enumerable.Range(0, 5).Select(hour => tx.Confirmations.Add(Request(at: Noon + TimeSpan.FromHours(hour)))).ToList());
        Assert.Equal(2, await Commit(tx => tx.Confirmations.Purge(Noon + TimeSpan.FromHours(3), 2)));
        Assert.Equal(1, await Commit(tx => tx.Confirmations.Purge(Noon + TimeSpan.FromHours(3), 2)));
        Assert.Equal(0, await Commit(tx => tx.Confirmations.Purge(Noon + TimeSpan.FromHours(3), 2)));
        Assert.Equal([false, false, false, true, true], ids.Select(id => Store.Read(tx => tx.Confirmations.Find(id, Noon)) is not null));
    }

    [Fact]
    public async Task What_is_rolled_back_was_never_kept()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Commit<int>(tx =>
        {
            tx.Confirmations.Add(Request());
            throw new InvalidDataException();
        }));
        Assert.Equal(0, Store.Read(tx => tx.Confirmations.Count(DateTimeOffset.UnixEpoch)));
    }

    private static void AssertSame(ParkedRequest expected, ParkedRequest? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected with { Octets = default }, actual with { Octets = default });
        Assert.Equal(expected.Octets.ToArray(), actual.Octets.ToArray());
    }
}
