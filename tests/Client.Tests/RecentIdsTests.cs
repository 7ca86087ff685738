using Relay.Client.Mail;

namespace Relay.Client.Tests;

public sealed class RecentIdsTests
{
    [Fact]
    public void Known_id_is_a_repeat()
    {
        var ids = new RecentIds(10);
        Assert.True(ids.TryAdd("<1@a>"));
        Assert.False(ids.TryAdd("<1@a>"));
        Assert.True(ids.TryAdd("<1@A>"), "ids are compared octet for octet");
    }

    [Fact]
    public void Forgotten_id_is_new_again()
    {
        var ids = new RecentIds(10);
        ids.TryAdd("<1@a>");
        ids.Forget("<1@a>");
        Assert.True(ids.TryAdd("<1@a>"));
    }

    [Fact]
    public void Oldest_id_makes_room()
    {
        var ids = new RecentIds(2);
        ids.TryAdd("<1@a>");
        ids.TryAdd("<2@a>");
        ids.TryAdd("<3@a>");
        Assert.False(ids.TryAdd("<3@a>"));
        Assert.False(ids.TryAdd("<2@a>"));
        Assert.True(ids.TryAdd("<1@a>"));
    }
}
