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
}
