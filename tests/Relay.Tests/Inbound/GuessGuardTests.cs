using System.Net;
using Relay.Inbound;
using Relay.TestKit;

namespace Relay.Tests.Inbound;

public sealed class GuessGuardTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void After_so_many_failures_the_account_is_locked_for_this_client_alone_and_for_a_while()
    {
        var guard = new GuessGuard(3, TimeSpan.FromMinutes(15), _time);
        Fail(guard, Here, "joe", 2);
        Assert.True(guard.MayTry(Here, "joe"));
        Fail(guard, Here, "joe", 1);

        Assert.False(guard.MayTry(Here, "joe"));
        Assert.True(guard.MayTry(Here, "ann"));
        Assert.True(guard.MayTry(IPAddress.Parse("192.0.2.2"), "joe"));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.True(guard.MayTry(Here, "joe"));
    }

    [Fact]
    public void A_success_forgets_the_failures_before_it()
    {
        var guard = new GuessGuard(3, TimeSpan.FromMinutes(15), _time);
        Fail(guard, Here, "joe", 2);
        guard.Tell(Here, "joe", isProven: true);
        Fail(guard, Here, "joe", 2);
        Assert.True(guard.MayTry(Here, "joe"));
    }

    [Fact]
    public void Addresses_of_one_IPv6_network_are_one_client()
    {
        var guard = new GuessGuard(2, TimeSpan.FromMinutes(15), _time);
        guard.Tell(IPAddress.Parse("2001:db8::1"), "joe", isProven: false);
        guard.Tell(IPAddress.Parse("2001:db8::2"), "joe", isProven: false);
        Assert.False(guard.MayTry(IPAddress.Parse("2001:db8::3"), "joe"));
        Assert.True(guard.MayTry(IPAddress.Parse("2001:db8:0:1::3"), "joe"));
    }

    [Fact]
    public void A_flood_of_names_forgets_its_own_and_nobody_elses()
    {
        var guard = new GuessGuard(2, TimeSpan.FromMinutes(15), _time);
        var elsewhere = IPAddress.Parse("192.0.2.2");
        Fail(guard, elsewhere, "joe", 2);
        Fail(guard, Here, "ann", 2);
        for (int i = 0; i < 9_998; i++)
        {
            guard.Tell(Here, $"name{i}", isProven: false);
        }

        guard.Tell(Here, "name1", isProven: false);
        Assert.False(guard.MayTry(Here, "name1"), "nothing is forgotten before the memory is full");
        Fail(guard, Here, "one more", 2);
        Assert.False(guard.MayTry(Here, "one more"));
        Assert.False(guard.MayTry(elsewhere, "joe"));
        Assert.False(guard.MayTry(Here, "ann"), "whoever failed more often is remembered longer");
        guard.Tell(Here, "name2", isProven: false);
        Assert.True(guard.MayTry(Here, "name2"), "the one failure before was forgotten");
    }

    [Fact]
    public void A_flood_from_everywhere_is_held_to_so_many_names()
    {
        var guard = new GuessGuard(1, TimeSpan.FromMinutes(15), _time);
        for (int i = 0; i < 100_000; i++)
        {
            guard.Tell(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), "joe", isProven: false);
        }

        Assert.InRange(guard.Remembered, 9_000, 10_000);
    }

    [Fact]
    public void Long_names_are_told_apart_and_not_kept()
    {
        var guard = new GuessGuard(1, TimeSpan.FromMinutes(15), _time);
        string name = new('x', 9000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 1000; i++)
        {
            guard.Tell(Here, $"{name}{i}", isProven: false);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4_000_000);
        Assert.False(guard.MayTry(Here, $"{name}7"));
        Assert.True(guard.MayTry(Here, $"{name}1000"));
    }

    private static void Fail(GuessGuard guard, IPAddress client, string account, int times)
    {
        for (int i = 0; i < times; i++)
        {
            guard.Tell(client, account, isProven: false);
        }
    }
}
