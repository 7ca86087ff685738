using Relay.ExchangeSimulator;
using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Tests.Exchange;

/// <summary>The judge of the fault campaign: what counts as told, and what as lost. A judge that is too mild finds nothing.</summary>
public sealed class CampaignLedgerTests : IAsyncDisposable
{
    private const string Ann = "ann@corp.example";

    private readonly ExchangeSimulatorServer _server = new(new ExchangeSimulatorOptions { Url = new Uri("http://127.0.0.1:0/EWS/Exchange.asmx") });

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

    private static LoggedEvent Entry(int position, string word, EwsId item, string allItems, string deletedItems)
    {
        var parts = word.TrimStart('+').Split('/');
        var happened = new MailboxEvent
        {
            Type = Enum.Parse<MailboxEventType>(parts[0]),
            Object = item,
            ParentFolder = new EwsId(parts[1] == "allitems" ? allItems : deletedItems),
            TimeStamp = DateTimeOffset.UtcNow.AddSeconds(1),
        };
        return new LoggedEvent(new LogPosition(position), 1, happened, word.StartsWith('+'));
    }

    private string FolderOf(EwsId item) => _server.EventsOf(Ann).First(happened => happened.Object.Id == item.Id).ParentFolder.Id;
}
