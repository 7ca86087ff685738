using Relay.Exchange;
using Relay.Wire.Ews;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>What the relay finds when it was away: stopped, crashed, or started before Exchange.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync();
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData("an orderly stop", false)]
    [InlineData("a crash, with a subscription left behind", true)]
    public async Task The_net_change_of_each_item_is_told_after_a_restart(string why, bool crash)
    {
        await _stage.WatchAsync(Ann, "inbox");
        var read = _stage.Server.DeliverMail(Ann, "will be read", Bob);
        var untouched = _stage.Server.DeliverMail(Ann, "stays as it is", Bob);
        var deleted = _stage.Server.DeliverMail(Ann, "will be deleted", Bob);
        var moved = _stage.Server.DeliverMail(Ann, "will be moved", Bob);
        await _stage.ToldAsync(Ann, moved, "Created NewMail");
        await _stage.LaterAsync(Ann);
        await (crash ? _stage.CrashRelayAsync() : _stage.StopRelayAsync());

        _stage.Server.MarkRead(read, true);
        _stage.Server.DeleteItem(deleted);
        _stage.Server.MoveItem(moved, "deleteditems");
        var delivered = _stage.Server.DeliverMail(Ann, "new", Bob);
        var shortLived = _stage.Server.DeliverMail(Ann, "came and went", Bob);
        _stage.Server.DeleteItem(shortLived);
        await _stage.StartRelayAsync();
        await _stage.StreamingAsync(Ann);

        Assert.True(_stage.Told(Ann, delivered) == "+Created +NewMail", why);
        Assert.Equal("Created NewMail +Modified", _stage.Told(Ann, read));
        Assert.Equal("Created NewMail", _stage.Told(Ann, untouched));
        Assert.Equal("Created NewMail +Deleted", _stage.Told(Ann, deleted));
        Assert.Equal("Created NewMail +Deleted", _stage.Told(Ann, moved));
        Assert.DoesNotContain("Created", _stage.Told(Ann, shortLived), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_streamed_before_is_not_told_again()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var mail = _stage.Server.DeliverMail(Ann, "once", Bob);
        var gone = _stage.Server.DeliverMail(Ann, "gone", Bob);
        _stage.Server.DeleteItem(gone);
        await _stage.ToldAsync(Ann, gone, "Created NewMail Deleted Deleted");
        await _stage.SettledAsync(Ann);

        await _stage.CrashRelayAsync();
        await _stage.StartRelayAsync();
        await _stage.StreamingAsync(Ann);

        Assert.Equal("Created NewMail", _stage.Told(Ann, mail));
        Assert.Equal("Created NewMail Deleted Deleted", _stage.Told(Ann, gone));
    }

    [Theory]
    [InlineData("before any state held it", false)]
    [InlineData("after a catch-up that found it there", true)]
    public async Task What_only_the_folder_over_all_items_told_to_have_come_is_told_to_be_gone(string why, bool isCaughtUp)
    {
        await _stage.WatchAsync(Ann);
        var mail = _stage.Server.DeliverMail(Ann, "to be thrown away", Bob);
        await _stage.ToldAsync(Ann, mail, "Created NewMail");
        var thrownAway = _stage.Server.MoveItem(mail, "deleteditems");
        await _stage.ToldAsync(Ann, thrownAway, "Created");

        for (var restarts = isCaughtUp ? 2 : 1; restarts > 0; restarts--)
        {
            await _stage.CrashRelayAsync();
            if (restarts == 1)
            {
                _stage.Server.DeleteItem(thrownAway);
            }

            await _stage.StartRelayAsync();
            await _stage.StreamingAsync(Ann);
        }

        Assert.True(_stage.Told(Ann, thrownAway) == (isCaughtUp ? "Created +Created +NewMail +Deleted" : "Created +Deleted"), $"{why}: {_stage.Told(Ann, thrownAway)}");
    }

    [Fact]
    public async Task Exchange_need_not_be_there_at_the_start()
    {
        await _stage.WatchAsync(Ann, "inbox");
        await _stage.StopRelayAsync();
        var mail = _stage.Server.DeliverMail(Ann, "early", Bob);
        _stage.Proxy.Refuses = true;

        await _stage.StartRelayAsync();
        var answer = await _stage.Exchange.ResolveAsync(Ann, [new FolderReference.Distinguished("inbox")], CancellationToken.None);
        Assert.IsType<FolderResolution.Unavailable>(answer);
        _stage.Proxy.Refuses = false;

        await _stage.ToldAsync(Ann, mail, "+Created +NewMail");
    }

    [Fact]
    public async Task A_lost_sync_state_is_a_gap_in_the_log_and_a_new_base_line()
    {
        await _stage.WatchAsync(Ann, "inbox");
        await _stage.StopRelayAsync();
        var unseen = _stage.Server.DeliverMail(Ann, "unseen", Bob);
        var folder = await _stage.Store.CommitAsync(
            transaction =>
            {
                var inbox = transaction.Watches.Folders(1).Single();
                transaction.Watches.SaveSyncState(1, inbox.FolderId, "damaged", DateTimeOffset.UnixEpoch, transaction.Events.End());
                return inbox.FolderId;
            },
            CancellationToken.None);

        await _stage.StartRelayAsync();
        await _stage.StreamingAsync(Ann);

        var gap = Assert.Single(_stage.Log(Ann), entry => entry.Gap is not null).Gap!;
        Assert.Equal((folder, DateTimeOffset.UnixEpoch), (gap.FolderId, gap.From));
        Assert.Equal("", _stage.Told(Ann, unseen));
        Assert.NotEqual("damaged", _stage.Store.Read(transaction => transaction.Watches.Folders(1).Single().SyncState));
    }

    [Fact]
    public async Task With_all_folders_those_made_meanwhile_are_caught_up_with_their_items()
    {
        await _stage.WatchAsync(Ann);
        await _stage.StopRelayAsync();
        var inTasks = _stage.Server.CreateItem(Ann, "tasks", "in a folder that was there");
        await _stage.StartRelayAsync();

        await _stage.ToldAsync(Ann, inTasks, "+Created");
    }

    [Fact]
    public async Task With_all_folders_a_search_folder_made_meanwhile_is_no_gap()
    {
        await _stage.WatchAsync(Ann);
        await _stage.StopRelayAsync();
        var search = (await _stage.MakeFoldersAsync(Ann, "SearchFolder", "Unread")).Single();
        var inTasks = _stage.Server.CreateItem(Ann, "tasks", "in a folder that was there");
        await _stage.StartRelayAsync();
        await _stage.StreamingAsync(Ann);

        Assert.Equal("+Created", _stage.Told(Ann, inTasks));
        Assert.Equal("+Created", _stage.Told(Ann, search));
        Assert.DoesNotContain(_stage.Log(Ann), entry => entry.Gap is not null);
        Assert.DoesNotContain(_stage.Store.Read(transaction => transaction.Watches.Folders(1)), folder => folder.FolderId == search.Id);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_refused_with_Exchanges_own_error()
    {
        var answer = await _stage.Exchange.ResolveAsync(
            Ann, [new FolderReference.ById(new EwsId("AAMkAGFiYw=="))], CancellationToken.None);

        var error = Assert.IsType<FolderResolution.Failed>(answer).Error;
        Assert.StartsWith("ErrorInvalidId", error.ResponseCode, StringComparison.Ordinal);
    }
}
