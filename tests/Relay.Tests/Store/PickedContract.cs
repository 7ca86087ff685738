namespace Relay.Tests.Store;

public abstract class PickedContract(TestStore database) : StoreContract(database)
{
    [Fact]
    public async Task What_was_taken_is_known_after_a_restart_until_it_is_forgotten()
    {
        Assert.True(await Commit(tx => tx.Picked.Add("/var/mail/relay", "1")));
        Assert.False(await Commit(tx => tx.Picked.Add("/var/mail/relay", "1")));
        Assert.True(await Commit(tx => tx.Picked.Add("/var/mail/relay", "2")));
        Assert.True(await Commit(tx => tx.Picked.Add("/var/mail/other", "1")));
        await Database.ReopenAsync();

        Assert.Equal(["1", "2"], Store.Read(tx => tx.Picked.List("/var/mail/relay")).Order());
        await Commit(tx =>
        {
            tx.Picked.Forget("/var/mail/relay", ["1", "3"]);
            return true;
        });
        Assert.Equal(["2"], Store.Read(tx => tx.Picked.List("/var/mail/relay")));
        Assert.Equal(["1"], Store.Read(tx => tx.Picked.List("/var/mail/other")));
    }
}
