using Relay.Exchange;
using Relay.Tests.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Exchange;

/// <summary>What the log tells already, on a real store. Each row: why, what the log has, what comes, whether it is news.</summary>
public sealed class RecognitionTests : IAsyncDisposable
{
    private const long Ann = 1;
    private readonly SqliteTestStore _database = new();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("the first time", "", "Created X in F", true)]
    [InlineData("an item is created once", "Created X in F", "Created X in F", false)]
    [InlineData("another item", "Created Y in F", "Created X in F", true)]
    [InlineData("a search folder tells it too", "Created X in AllItems", "Created X in F", true)]
    [InlineData("its delivery is an event of its own", "Created X in F", "NewMail X in F", true)]
    [InlineData("it is delivered once", "NewMail X in F", "NewMail X in F", false)]
    [InlineData("it can be changed again and again", "Modified X in F", "Modified X in F", true)]
    [InlineData("it is deleted once", "Deleted X in F", "Deleted X in F", false)]
    [InlineData("the move told that it left", "Moved Y in G from X in F", "Deleted X in F", false)]
    [InlineData("the move told that it came", "Moved Y in G from X in F", "Created Y in G", false)]
    [InlineData("both halves of the move are told", "Created Y in G, Deleted X in F", "Moved Y in G from X in F", false)]
    [InlineData("only one half of the move is told", "Created Y in G", "Moved Y in G from X in F", true)]
    [InlineData("the copy was told as new", "Created Y in G", "Copied Y in G from X in F", false)]
    [InlineData("the copy was told as one", "Copied Y in G from X in F", "Created Y in G", false)]
    [InlineData("a free time changes again and again", "FreeBusyChanged X in F", "FreeBusyChanged X in F", true)]
    [InlineData("a heartbeat is no news", "", "Status X in F", false)]
    [InlineData("the log cannot keep what nobody knows", "", "Unknown X in F", false)]
    public async Task Only_what_the_log_does_not_tell_is_news(string why, string told, string comes, bool isNews)
    {
        var found = await _database.Current.CommitAsync(
            transaction =>
            {
                MailboxEvent[] log = [.. told.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
                transaction.Events.Append(Ann, log, caughtUp: false, DateTimeOffset.UnixEpoch);
                return Recognition.News(transaction.Events, Ann, [Parse(comes)]).Count;
            },
            CancellationToken.None);

        Assert.True(isNews == (found == 1), why);
    }

    [Fact]
    public async Task A_server_that_repeats_itself_within_one_batch_is_told_once()
    {
        var news = await _database.Current.CommitAsync(
            transaction => Recognition.News(transaction.Events, Ann, [Parse("Created X in F"), Parse("Created X in F"), Parse("Modified X in F")]),
            CancellationToken.None);

        Assert.Equal([MailboxEventType.Created, MailboxEventType.Modified], news.Select(item => item.Type));
    }

    [Fact]
    public async Task A_folder_may_be_moved_there_and_back_under_one_id()
    {
        var move = Parse("Moved F in B from F in A") with { IsFolder = true };
        var found = await _database.Current.CommitAsync(
            transaction =>
            {
                transaction.Events.Append(Ann, [move], caughtUp: false, DateTimeOffset.UnixEpoch);
                return Recognition.News(transaction.Events, Ann, [move]).Count;
            },
            CancellationToken.None);

        Assert.Equal(1, found);
    }

    /// <summary>"Moved Y in G from X in F".</summary>
    private static MailboxEvent Parse(string text)
    {
        var words = text.Split(' ');
        return new MailboxEvent
        {
            Type = Enum.Parse<MailboxEventType>(words[0]),
            Object = new EwsId(words[1]),
            ParentFolder = new EwsId(words[3]),
            OldObject = words.Length > 5 ? new EwsId(words[5]) : null,
            OldParentFolder = words.Length > 7 ? new EwsId(words[7]) : null,
        };
    }
}
