using Relay.Exchange;
using Relay.Store;
using Relay.Tests.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Exchange;

/// <summary>
/// When a net change may go untold. Each row: why, what the log tells since the state (seconds are of Exchange's clock; <c>+</c> is caught up,
/// <c>|</c> where the log breaks), and what SyncFolderItems says of X.
/// </summary>
public sealed class ToldEventsTests : IAsyncDisposable
{
    private const long Ann = 1;
    private readonly SqliteTestStore _database = new();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("nothing is told of it", "Y@10", 10, false, false)]
    [InlineData("a later event of the same subscription shows that the second is over", "X@10 Y@12", 10, false, true)]
    [InlineData("the second change of that second may still come", "X@10", 10, false, false)]
    [InlineData("the next second is too near to the changes of this one", "X@10 Y@11", 10, false, false)]
    [InlineData("it changed after what is told", "X@10 Y@20", 11, false, false)]
    [InlineData("what is told is later than the last change", "X@11 Y@20", 10, false, true)]
    [InlineData("the second change was lost where the log broke", "X@10 | Y@12", 10, false, false)]
    [InlineData("a break after the proof takes nothing from it", "X@10 Y@12 | Z@20", 10, false, true)]
    [InlineData("a change may have been lost before the one that is told", "Z@10 | X@20 Y@30", 20, false, false)]
    [InlineData("the proof counts up to the first break only", "X@10 | Y@12 | Z@20", 10, false, false)]
    [InlineData("the later event stands before it in the log", "Y@12 X@10", 10, false, false)]
    [InlineData("what was caught up proves no order", "X@10 +Y@12", 10, false, false)]
    [InlineData("this very version was caught up", "+X=v7", 10, false, true)]
    [InlineData("another version was caught up", "+X=v6", 10, false, false)]
    [InlineData("this very version was caught up before an older event came", "+X=v7 X@9", 10, false, true)]
    [InlineData("the log is known to be complete", "X@10", 10, true, true)]
    [InlineData("a complete log that does not tell it has lost it", "X@9", 10, true, false)]
    [InlineData("nobody says when it changed", "X@10 Y@12", null, false, false)]
    [InlineData("nobody says when it changed, but the log is complete", "X@10", null, true, true)]
    public async Task Only_what_is_surely_told_goes_untold(string why, string log, int? lastModified, bool isComplete, bool isTold)
    {
        var told = await _database.Current.CommitAsync(
            transaction =>
            {
                var mailbox = transaction.Watches.MailboxId("ann@corp.example");
                transaction.Watches.AddFolder(new WatchedFolder(mailbox, "F", "inbox", "S"));
                foreach (var word in log.Split(' '))
                {
                    Append(transaction, mailbox, word);
                }

                var folder = transaction.Watches.Folders(mailbox).Single();
                return ToldEvents.Read(transaction, mailbox, folder.SyncedPosition).TellsLastChange(
                    new EwsId("X", "v7"), lastModified is { } second ? At(second) + TimeSpan.FromMilliseconds(400) : null, folder, isComplete);
            },
            CancellationToken.None);

        Assert.True(isTold == told, why);
    }

    [Fact]
    public async Task What_is_told_before_the_state_says_nothing_of_what_came_after()
    {
        var told = await _database.Current.CommitAsync(
            transaction =>
            {
                Append(transaction, Ann, "X@10");
                Append(transaction, Ann, "Y@12");
                var folder = new WatchedFolder(Ann, "F", "inbox", "S") { SyncedPosition = transaction.Events.End() };
                return ToldEvents.Read(transaction, Ann, default).TellsLastChange(new EwsId("X", "v7"), At(10), folder, isComplete: true);
            },
            CancellationToken.None);

        Assert.False(told);
    }

    private static DateTimeOffset At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);

    /// <summary>"X@10": X is modified at second 10. "+X=v7": it was caught up at version v7. "|": a break.</summary>
    private static void Append(IStoreTransaction transaction, long mailbox, string word)
    {
        if (word == "|")
        {
            transaction.Watches.MarkBreak(mailbox, transaction.Events.End());
            return;
        }

        var isCaughtUp = word.StartsWith('+');
        var parts = word.TrimStart('+').Split('@', '=');
        var isVersion = word.Contains('=', StringComparison.Ordinal);
        var item = new MailboxEvent
        {
            Type = MailboxEventType.Modified,
            Object = new EwsId(parts[0], isVersion ? parts[1] : "CQAAAA=="),
            ParentFolder = new EwsId("F"),
            TimeStamp = At(isVersion ? 10 : int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)),
        };
        transaction.Events.Append(mailbox, [item], isCaughtUp, DateTimeOffset.UnixEpoch);
    }
}
