using System.Globalization;
using Relay.ExchangeSimulator;
using Relay.Store;
using Relay.TestKit;
using Relay.Wire.Ews;

namespace Relay.Tests.Exchange;

/// <summary>The judge of the fault campaign: what counts as told, and what as lost. A judge that is too mild finds nothing.</summary>
public sealed class CampaignLedgerTests : IAsyncDisposable
{
    private const string Ann = "ann@corp.example";

    private readonly ManualTimeProvider _time = new();
    private readonly ExchangeSimulatorServer _server;

    public CampaignLedgerTests() =>
        _server = new ExchangeSimulatorServer(new ExchangeSimulatorOptions { Url = new Uri("http://127.0.0.1:0/EWS/Exchange.asmx") }, _time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>
    /// A mail is thrown away and then deleted for good. Each row: why, who listens, which of the events of the mail's second life (in the
    /// deleted items) the log tells, and whether that is a loss.
    /// </summary>
    [Theory]
    [InlineData("came and went, and nobody was told that it came", true, "", false)]
    [InlineData("the folder over all items told that it came, and whoever listens to it waits for ever", true, "Created/allitems", true)]
    [InlineData("the same for somebody who does not hear of that folder", false, "Created/allitems", false)]
    [InlineData("somebody was told that it came to the folder", false, "Created/deleteditems", true)]
    [InlineData("it came and went, as told", true, "Created/allitems Deleted/deleteditems", false)]
    [InlineData("its end was caught up with where its beginning was told", true, "Created/allitems +Deleted/allitems", false)]
    public void A_mail_that_is_thrown_away_and_deleted(string why, bool allFolders, string told, bool isLoss)
    {
        var mail = _server.DeliverMail(Ann, "Hello", "bob@corp.example");
        var inbox = FolderOf(mail);
        _server.ForgetEvents(Ann);
        var thrownAway = _server.MoveItem(mail, "deleteditems");
        var allItems = FolderOf(thrownAway);
        _server.DeleteItem(thrownAway);
        var deletedItems = _server.EventsOf(Ann).Last(item => item.Type == MailboxEventType.Deleted && item.ParentFolder.Id != allItems).ParentFolder.Id;

        var ledger = new CampaignLedger(_server, Ann, new HashSet<string> { inbox, deletedItems }, allFolders);
        ledger.Take();
        var log = told.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => Entry(i + 1, word, thrownAway, allItems, deletedItems));

        Assert.True(ledger.Judge([.. log]).Count == (isLoss ? 1 : 0), why);
    }

    /// <summary>
    /// A mail changes at seconds 10 and 20. Each row: why, which of the changes the log tells (<c>+</c> is caught up, with the second when it was
    /// found), and whether one is lost.
    /// </summary>
    [Theory]
    [InlineData("both are told", "10 20", false)]
    [InlineData("the first is covered and the second told", "+12 20", false)]
    [InlineData("one entry of a later state covers both", "+22", false)]
    [InlineData("the second is lost behind what covers the first", "+12", true)]
    [InlineData("the second is lost behind what tells the first", "10", true)]
    [InlineData("the first is lost before what tells the second", "20", true)]
    [InlineData("the second is told twice", "+12 20 20 20", true)]
    public void A_mail_that_is_changed_twice(string why, string told, bool isLoss)
    {
        var mail = _server.DeliverMail(Ann, "Hello", "bob@corp.example");
        var inbox = FolderOf(mail);
        _server.ForgetEvents(Ann);
        var start = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(10));
        _server.MarkRead(mail, true);
        _time.Advance(TimeSpan.FromSeconds(10));
        _server.MarkRead(mail, false);

        var ledger = new CampaignLedger(_server, Ann, new HashSet<string> { inbox }, allFolders: true);
        ledger.Take();
        var log = told.Split(' ').Select((word, i) => new LoggedEvent(
            new LogPosition(i + 1),
            1,
            new MailboxEvent
            {
                Type = MailboxEventType.Modified,
                Object = mail,
                ParentFolder = new EwsId(inbox),
                TimeStamp = start.AddSeconds(int.Parse(word, CultureInfo.InvariantCulture)),
            },
            word.StartsWith('+')));

        Assert.True(ledger.Judge([.. log]).Count == (isLoss ? 1 : 0), why);
    }

    private LoggedEvent Entry(int position, string word, EwsId item, string allItems, string deletedItems)
    {
        var parts = word.TrimStart('+').Split('/');
        var happened = new MailboxEvent
        {
            Type = Enum.Parse<MailboxEventType>(parts[0]),
            Object = item,
            ParentFolder = new EwsId(parts[1] == "allitems" ? allItems : deletedItems),
            TimeStamp = _time.GetUtcNow(),
        };
        return new LoggedEvent(new LogPosition(position), 1, happened, word.StartsWith('+'));
    }

    private string FolderOf(EwsId item) => _server.EventsOf(Ann).First(happened => happened.Object.Id == item.Id).ParentFolder.Id;
}
