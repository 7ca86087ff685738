using Relay.Store.Segments;
using Relay.TestKit;

namespace Relay.Tests.Store;

/// <summary>Who shares a group, and that nobody is left waiting or held up.</summary>
public sealed class LogThreadTests
{
    [Fact]
    public async Task Who_comes_while_a_group_is_dealt_with_is_of_the_next()
    {
        using var isBusy = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var groups = new List<int[]>();
        var thread = new LogThread<int>(group =>
        {
            groups.Add([.. group]);
            isBusy.Set();
            mayEnd.Wait();
        });

        thread.Enter(1); // Were the caller to deal with it, it would wait for ever.
        await Eventually.TrueAsync(() => isBusy.IsSet, "the first is dealt with");
        thread.Enter(2);
        thread.Enter(3);
        var closed = thread.CloseAsync();
        Assert.False(closed.IsCompleted);
        mayEnd.Set();
        await Eventually.CompletesAsync(closed, "all are dealt with");

        Assert.Equal([[1], [2, 3]], groups);
        Assert.Throws<ObjectDisposedException>(() => thread.Enter(4));
    }

    [Fact]
    public async Task It_wakes_for_each_who_comes_alone()
    {
        var dealt = new List<int>();
        var thread = new LogThread<TaskCompletionSource>(group =>
        {
            dealt.Add(group.Count);
            group.ForEach(static member => member.SetResult());
        });

        for (var i = 0; i < 1000; i++)
        {
            var member = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            thread.Enter(member);
            await Eventually.CompletesAsync(member.Task, "it is told");
        }

        await Eventually.CompletesAsync(thread.CloseAsync(), "it ends");
        Assert.Equal(Enumerable.Repeat(1, 1000), dealt);
    }

    [Fact]
    public async Task Nobody_of_a_crowd_is_forgotten()
    {
        var dealt = new List<int>();
        var thread = new LogThread<int>(dealt.AddRange);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                thread.Enter((caller * 5000) + i);
            }
        })));
        await Eventually.CompletesAsync(thread.CloseAsync(), "all are dealt with");

        Assert.Equal(Enumerable.Range(0, 40_000), dealt.Order());
    }

    [Fact]
    public async Task Closed_before_anybody_came_it_ends()
    {
        var thread = new LogThread<int>(_ => throw new InvalidOperationException("Nobody came."));
        await Eventually.CompletesAsync(thread.CloseAsync(), "it ends");
        await Eventually.CompletesAsync(thread.CloseAsync(), "it has ended");
    }
}
