using Relay.Store.Sql;
using Relay.TestKit;

namespace Relay.Tests.Store;

/// <summary>Who leads, and that nobody is left waiting.</summary>
public sealed class CommitQueueTests
{
    [Fact]
    public async Task A_leader_that_fails_leaves_nobody_waiting_for_ever()
    {
        var dealt = new List<int>();
        var queue = new CommitQueue<int>(group =>
        {
            dealt.AddRange(group);
            if (group.Contains(1))
            {
                throw new InvalidOperationException("It was to throw nothing.");
            }
        });

        Assert.Throws<InvalidOperationException>(() => queue.Enter(1));
        queue.Enter(2);
        await Eventually.CompletesAsync(queue.CloseAsync(), "all are dealt with");

        Assert.Equal([1, 2], dealt);
    }

    [Fact]
    public async Task What_follows_the_close_may_ask_the_queue_again()
    {
        using var leads = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var queue = new CommitQueue<int>(_ =>
        {
            leads.Set();
            mayEnd.Wait();
        });
        var leader = Task.Run(() => queue.Enter(1));
        await Eventually.TrueAsync(() => leads.IsSet, "someone leads");
        var asked = queue.CloseAsync().ContinueWith(
            _ => Task.Run(() => Assert.Throws<ObjectDisposedException>(() => queue.Enter(2))).Wait(TimeSpan.FromSeconds(10)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        mayEnd.Set();

        Assert.True(await asked, "the queue was locked");
        await leader;
    }
}
