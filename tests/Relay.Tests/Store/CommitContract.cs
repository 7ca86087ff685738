namespace Relay.Tests.Store;

public abstract class CommitContract(TestStore database) : StoreContract(database)
{
    [Fact]
    public void A_lone_caller_commits_inline()
    {
        var thread = 0;

        var task = Commit(tx =>
        {
            thread = Environment.CurrentManagedThreadId;
            return tx.Spool.Add(Mail());
        });

        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public async Task Callers_that_come_while_one_commits_share_the_next_commit()
    {
        var before = Store.Commits;
        var followers = new List<Task<long>>();

        await Commit(tx =>
        {
            // Whoever asks while this transaction is open has to wait for it, and so joins the next group.
            for (var i = followers.Count; i < 50; i++)
            {
                followers.Add(Commit(inner => inner.Spool.Add(Mail())));
            }
        });
        var ids = await Task.WhenAll(followers);

        Assert.Equal(50, ids.Distinct().Count());
        Assert.Equal(before + 2, Store.Commits);
    }

    [Theory]
    [InlineData("the first of the group", 0)]
    [InlineData("one in the middle", 25)]
    [InlineData("the last of the group", 49)]
    public async Task One_failing_member_fails_alone(string why, int failing)
    {
        var followers = new List<Task<long>>();
        await Commit(tx =>
        {
            for (var i = 0; i < 50; i++)
            {
                var fails = i == failing;
                followers.Add(Commit(inner =>
                {
                    var id = inner.Spool.Add(Mail());
                    return fails ? throw new InvalidOperationException("mine") : id;
                }));
            }
        });

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => followers[failing]);
        followers.RemoveAt(failing);
        await Task.WhenAll(followers);

        Assert.Equal("mine", error.Message);
        Assert.True(Store.Read(tx => tx.Spool.List(null, 0, 100)).Count == 49, why);
    }

    [Fact]
    public async Task Nothing_of_a_failed_transaction_is_seen_and_no_bell_rings()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Commit(tx =>
        {
            tx.Spool.Add(Mail());
            throw new InvalidOperationException();
        }));

        Assert.Empty(Store.Read(tx => tx.Spool.List(null, 0, 10)));
        var bell = Store.Bells.Spool.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(bell.IsCompleted);
        await Commit(tx => tx.Spool.Add(Mail()));
        await bell;
    }

    [Fact]
    public async Task A_caller_that_gave_up_while_queued_has_changed_nothing()
    {
        using var givenUp = new CancellationTokenSource();
        var follower = Task.FromResult(0L);
        await Commit(tx =>
        {
            follower = Store.CommitAsync(inner => inner.Spool.Add(Mail()), givenUp.Token);
            givenUp.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => follower);
        Assert.Empty(Store.Read(tx => tx.Spool.List(null, 0, 10)));
    }

    [Fact]
    public async Task A_claim_and_a_commit_share_a_group_and_both_are_kept()
    {
        var before = Store.Commits;
        var added = Task.FromResult(0L);
        var claimed = Task.FromResult(0);
        await Commit(tx =>
        {
            added = Commit(inner => inner.Spool.Add(Mail()));
            claimed = Store.ClaimAsync(inner => inner.Spool.Claim(1, Noon, Lease).Count, CancellationToken.None);
        });

        await added;
        Assert.Equal(1, await claimed);
        Assert.Equal(before + 2, Store.Commits);
        Assert.Equal(1, (await Database.ReopenAsync()).Read(tx => tx.Spool.Counts()).Claimed);
    }

    [Fact]
    public async Task A_read_sees_one_moment()
    {
        await Commit(tx => tx.Spool.Add(Mail()));

        var counts = Store.Read(tx =>
        {
            var first = tx.Spool.List(null, 0, 10).Count;
            Commit(writer => writer.Spool.Add(Mail())).GetAwaiter().GetResult();
            return (first, tx.Spool.List(null, 0, 10).Count);
        });

        Assert.Equal((1, 1), counts);
        Assert.Equal(2, Store.Read(tx => tx.Spool.List(null, 0, 10)).Count);
    }

    [Fact]
    public void A_read_cannot_change_anything()
    {
        Assert.ThrowsAny<Exception>(() => Store.Read(tx => tx.Spool.Add(Mail())));

        Assert.Empty(Store.Read(tx => tx.Spool.List(null, 0, 10)));
    }

    [Fact]
    public async Task Closing_waits_for_what_was_taken_and_takes_no_more()
    {
        var store = Store;
        var followers = new List<Task<long>>();
        var closing = Task.CompletedTask;
        await Commit(tx =>
        {
            followers.AddRange(Enumerable.Range(0, 10).Select(_ => Commit(inner => inner.Spool.Add(Mail()))));
            closing = store.DisposeAsync().AsTask();
        });
        await closing;

        Assert.All(followers, follower => Assert.True(follower.IsCompletedSuccessfully));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.CommitAsync(tx => tx.Spool.Add(Mail()), CancellationToken.None));
        Assert.Equal(10, (await Database.ReopenAsync()).Read(tx => tx.Spool.List(null, 0, 100)).Count);
    }
}
