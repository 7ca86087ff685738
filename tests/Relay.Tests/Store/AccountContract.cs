using Relay.Store;

namespace Relay.Tests.Store;

public abstract class AccountContract(TestStore database) : StoreContract(database)
{
    private static readonly StoredAccount Joe = new("joe", [1, 2], 4096, [3, 4], [5, 6], Noon);

    [Fact]
    public async Task An_account_is_there_after_a_restart()
    {
        Assert.False(Store.Read(tx => tx.Accounts.Any()));
        Assert.True(await Commit(tx => tx.Accounts.Put(Joe)));
        await Database.ReopenAsync();

        var found = Store.Read(tx => tx.Accounts.Find("joe"))!;

        Assert.True(Store.Read(tx => tx.Accounts.Any()));
        Assert.Equal((4096, Noon), (found.Iterations, found.ChangedAt));
        Assert.Equal([1, 2, 3, 4, 5, 6], found.Salt.Concat(found.StoredKey).Concat(found.ServerKey));
        Assert.Null(Store.Read(tx => tx.Accounts.Find("JOE")));
    }

    [Fact]
    public async Task Putting_it_again_changes_the_password()
    {
        await Commit(tx => tx.Accounts.Put(Joe));
        Assert.False(await Commit(tx => tx.Accounts.Put(Joe with { StoredKey = [7] })));
        Assert.Equal([7], Assert.Single(Store.Read(tx => tx.Accounts.List())).StoredKey);
    }

    [Fact]
    public async Task A_removed_account_is_gone()
    {
        await Commit(tx => tx.Accounts.Put(Joe));
        await Commit(tx => tx.Accounts.Put(Joe with { Name = "ann" }));
        Assert.Equal(["ann", "joe"], Store.Read(tx => tx.Accounts.List()).Select(account => account.Name));
        Assert.True(await Commit(tx => tx.Accounts.Remove("joe")));
        Assert.False(await Commit(tx => tx.Accounts.Remove("joe")));
        Assert.Null(Store.Read(tx => tx.Accounts.Find("joe")));
    }
}
