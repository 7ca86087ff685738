using Relay.Operations;

namespace Relay.Tests.Operations;

public sealed class PassedSlotsTests
{
    [Fact]
    public void Whoever_asks_for_much_leaves_something_to_others_and_all_of_them_to_the_handlers()
    {
        var slots = new PassedSlots();
        var taken = Enumerable.Range(0, 4).Select(_ => slots.TryTake("apps/a@branch.example")).ToList();
        Assert.Equal(3, taken.Count(slot => slot is not null));
        Assert.Equal(3, Enumerable.Range(0, 4).Count(_ => slots.TryTake("apps/b@branch.example") is not null));
        Assert.Null(slots.TryTake("apps/c@branch.example"));

        taken[0]!.Dispose();
        taken[0]!.Dispose();
        Assert.NotNull(slots.TryTake("apps/c@branch.example"));
        Assert.Null(slots.TryTake("apps/d@branch.example"));
    }
}
