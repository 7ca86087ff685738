using Relay.Store;
using Relay.Store.Segments;

namespace Relay.Tests.Store;

/// <summary>While rows are not made, what waits for them is bounded, whatever the mails look like.</summary>
public sealed class SpoolBacklogTests
{
    [Theory]
    [InlineData("many small mails", 500, 2_000, SpoolBacklog.MostMails)]
    [InlineData("envelopes with many recipients", 32 * 1024, 2_000, 1024)]
    [InlineData("large mails", 500, (256 * 1024) - 500, 1024)]
    public void It_is_full_by_count_by_memory_and_by_disk(string why, int envelope, int content, int most)
    {
        var backlog = new SpoolBacklog();
        for (var i = 0; i < most; i++)
        {
            Assert.False(backlog.IsFull, $"{why}: full with {i}");
            backlog.Add([Mail(i, envelope, content)]);
        }

        Assert.True(backlog.IsFull, why);
        backlog.Remove(backlog.Peek(1).Count);
        Assert.False(backlog.IsFull, why);
        Assert.Equal("m1", backlog.Peek(1)[0].Mail.MailId);
    }

    private static LoggedMail Mail(int number, int envelope, int content)
    {
        var logged = new MailContent.Logged(new RecordPosition(1, 48), content);
        return new LoggedMail(StoreContract.Mail($"m{number}") with { Content = logged }, logged, new RecordPosition(1, 48 + envelope + content));
    }
}
