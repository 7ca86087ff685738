using Relay.Inbound;

namespace Relay.Tests.Inbound;

/// <summary>The limit of open files, as Linux tells it, held against the sessions.</summary>
public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("the soft limit is the one in force", "Max open files            1024                 524288               files     ", 1024L)]
    [InlineData("no limit", "Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("a system that does not say", "", null)]
    public void The_limit_is_read_among_the_others(string why, string line, long? most)
    {
        string limits = "Limit                     Soft Limit           Hard Limit           Units     \n"
            + "Max cpu time              unlimited            unlimited            seconds   \n" + line + "\n"
            + "Max locked memory         8388608              8388608              bytes     \n";

        Assert.True(most == OpenFiles.Read(limits), why);
    }

    [Theory]
    [InlineData("no limit", null, 1_000_000, true)]
    [InlineData("just enough", 2400L, 2000, true)]
    [InlineData("one too few", 2399L, 2000, false)]
    public void Sessions_need_a_socket_each_and_leave_room_for_the_rest(string why, long? most, int sessions, bool suffices) =>
        Assert.True(suffices == OpenFiles.Suffice(most, sessions), why);

    [Fact]
    public void Linux_tells_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "proc_pid_limits(5) is of Linux");
        Assert.InRange(OpenFiles.Most() ?? long.MaxValue, 1, long.MaxValue);
        Assert.Contains("Max open files", File.ReadAllText("/proc/self/limits"), StringComparison.Ordinal);
    }
}
