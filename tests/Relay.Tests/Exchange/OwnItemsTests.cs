using Relay.Exchange;
using Relay.Wire.Ews;

namespace Relay.Tests.Exchange;

/// <summary>
/// Which events are about own mail. Each row: why, which items are known as own before, the events (<c>C N M D</c> of an item in folder F, <c>V</c>
/// moves it to another id and folder, <c>F</c> is the folder's Modified), for which items Exchange is asked, and which events are own in the end where
/// what begins with "o" is ours.
/// </summary>
public sealed class OwnItemsTests
{
    [Theory]
    [InlineData("a mail of ours arrives, and its folder changes with it", "", "Co No F", "o", "Co No F")]
    [InlineData("a mail of somebody else", "", "Cx Nx F", "x", "")]
    [InlineData("the last item decides of the folder", "", "Co F Cx F", "o x", "Co F1")]
    [InlineData("a change of one known before needs no asking", "o", "Mo F", "", "Mo F")]
    [InlineData("a change of one not known is nobody's", "", "Mo F", "", "")]
    [InlineData("a rule files it: Exchange knows it by its new id only", "", "Co No Vo>o2 F", "o2", "Co No Vo>o2 F")]
    [InlineData("filed twice", "", "Co Vo>o2 Vo2>o3", "o3", "Co Vo>o2 Vo2>o3")]
    [InlineData("filed in a later batch", "o", "Vo>p", "", "Vo>p")]
    [InlineData("its end", "o", "Do F", "", "Do F")]
    public void Events_of_own_mail_are_known(string why, string known, string events, string asked, string own)
    {
        var batch = events.Split(' ').Select(Event).ToList();
        var items = new OwnItems(batch);
        items.Inherit(id => known.Split(' ').Contains(id));
        var unknown = items.Unknown().ToList();
        items.Learn(unknown.Where(id => id.StartsWith('o')));
        var marked = items.Mark([], DateTimeOffset.UnixEpoch).ToHashSet(ReferenceEqualityComparer.Instance);

        Assert.True(asked == string.Join(' ', unknown), why);
        var isOwn = batch.Select(marked.Contains).ToList();
        var expected = own.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var words = events.Split(' ').Select((word, i) => word == "F" && isOwn[i] && own.Contains("F1", StringComparison.Ordinal) ? "F1" : word);
        Assert.True(expected.SequenceEqual(words.Where((_, i) => isOwn[i])), why);
    }

    [Fact]
    public void A_folder_that_changes_long_after_our_mail_changes_for_somebody_else()
    {
        var folders = new Dictionary<string, DateTimeOffset>();
        var arrival = new OwnItems([Event("Co")]);
        arrival.Learn(["o"]);
        Assert.Single(arrival.Mark(folders, DateTimeOffset.UnixEpoch));

        Assert.Single(new OwnItems([Event("F")]).Mark(folders, DateTimeOffset.UnixEpoch.AddSeconds(29)));
        Assert.Empty(new OwnItems([Event("F")]).Mark(folders, DateTimeOffset.UnixEpoch.AddSeconds(31)));
    }

    private static MailboxEvent Event(string word)
    {
        var ids = word[1..].Split('>');
        return new MailboxEvent
        {
            Type = word[0] switch
            {
                'C' => MailboxEventType.Created,
                'N' => MailboxEventType.NewMail,
                'D' => MailboxEventType.Deleted,
                'V' => MailboxEventType.Moved,
                _ => MailboxEventType.Modified,
            },
            IsFolder = word == "F",
            Object = new EwsId(word == "F" ? "folder" : ids[^1]),
            ParentFolder = new EwsId(word == "F" ? "root" : "folder"),
            OldObject = ids.Length > 1 ? new EwsId(ids[0]) : null,
            OldParentFolder = ids.Length > 1 ? new EwsId("inbox") : null,
        };
    }
}
