using Relay.ExchangeSimulator;
using Relay.Store;
using Relay.TestKit;
using Relay.Wire.Ews;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>The streaming source against the simulator over real connections that are cut, refused and stalled.</summary>
public sealed class StreamingTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync();
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_mail_that_is_thrown_away_is_told_to_its_folder_soon()
    {
        // By the folder over all items alone, which those who listen to the inbox do not hear of.
        _stage.Options.SettleEvery = TimeSpan.FromHours(1);
        _stage.Options.SettleAfter = _stage.Options.SilenceLimit = TimeSpan.FromSeconds(1);
        await _stage.WatchAsync(Ann, "inbox");
        var mail = _stage.Server.DeliverMail(Ann, "to be thrown away", Bob);
        await _stage.ToldAsync(Ann, mail, "Created NewMail");
        await Eventually.TrueAsync(() => _stage.IsSettled(Ann, new LogPosition(1)), "a state after which an hour would pass to the next");
        var inbox = _stage.Log(Ann).Last(entry => entry.Event.Object.Id == mail.Id).Event.ParentFolder.Id;
        _stage.Server.MoveItem(mail, "deleteditems");

        await Eventually.TrueAsync(
            () => _stage.Log(Ann).Any(entry => entry.Event.Type == MailboxEventType.Deleted && entry.Event.ParentFolder.Id == inbox),
            "the mail to have left the inbox");
    }

    [Fact]
    public async Task A_delivered_mail_is_told_as_it_happens_and_once()
    {
        await _stage.WatchAsync(Ann, "inbox");

        var mail = _stage.Server.DeliverMail(Ann, "Hello", Bob);

        await _stage.ToldAsync(Ann, mail, "Created NewMail");
    }

    [Fact]
    public async Task What_happens_while_the_connection_is_cut_is_caught_up_with()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var before = _stage.Server.DeliverMail(Ann, "before", Bob);
        await _stage.ToldAsync(Ann, before, "Created NewMail");
        await _stage.LaterAsync(Ann);

        _stage.Proxy.Refuses = true;
        _stage.Proxy.CutAll();
        var between = _stage.Server.DeliverMail(Ann, "between", Bob);
        var draft = _stage.Server.CreateItem(Ann, "inbox", "filed");
        _stage.Server.DeleteItem(before);
        _stage.Proxy.Refuses = false;

        await _stage.ToldAsync(Ann, between, "+Created +NewMail");
        await _stage.ToldAsync(Ann, draft, "+Created");
        await _stage.ToldAsync(Ann, before, "Created NewMail +Deleted");
        var after = _stage.Server.DeliverMail(Ann, "after", Bob);
        await _stage.ToldAsync(Ann, after, "Created NewMail");
    }

    [Fact]
    public async Task A_server_that_forgets_its_subscriptions_gets_new_ones_and_nothing_is_lost()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var first = Upstream(Ann);

        _stage.Server.ForgetSubscriptions();
        var mail = _stage.Server.DeliverMail(Ann, "meanwhile", Bob);

        await Eventually.TrueAsync(() => _stage.Told(Ann, mail).Split(' ') is [.., "NewMail" or "+NewMail"], "the mail delivered meanwhile");
        Assert.NotEqual(first, Upstream(Ann));
        Assert.Single(_stage.Log(Ann), entry => entry.Event.Object.Id == mail.Id && entry.Event.Type == MailboxEventType.Created);
    }

    [Fact]
    public async Task Missed_events_are_caught_up_with_and_the_subscription_is_kept()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var subscription = Upstream(Ann);
        _stage.Proxy.Stall();
        var missed = _stage.Server.DeliverMail(Ann, "missed", Bob);
        _stage.Server.ForgetEvents(Ann);
        _stage.Proxy.Flow();

        await Eventually.TrueAsync(() => _stage.Told(Ann, missed).Contains("Created", StringComparison.Ordinal), "the mail that was missed");
        Assert.Equal(subscription, Upstream(Ann));
    }

    [Fact]
    public async Task Mailboxes_that_join_share_the_stream_and_the_old_one_is_read_to_its_end()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var mails = new List<EwsId>();
        for (var i = 0; i < 20; i++)
        {
            mails.Add(_stage.Server.DeliverMail(Ann, $"mail {i}", Bob));
            if (i == 10)
            {
                await _stage.WatchAsync(Bob, "inbox");
            }
        }

        foreach (var mail in mails)
        {
            await _stage.ToldAsync(Ann, mail, "Created NewMail");
        }
    }

    [Fact]
    public async Task Unwatching_ends_the_subscription_and_forgets_the_base_lines()
    {
        await _stage.WatchAsync(Ann, "inbox");

        Assert.True(await _stage.Exchange.UnwatchAsync(Ann, CancellationToken.None));

        Assert.Null(Upstream(Ann));
        Assert.Empty(_stage.Store.Read(transaction => transaction.Watches.Folders(1)));
    }

    [Fact]
    public async Task Stopping_leaves_no_subscription_behind()
    {
        await _stage.WatchAsync(Ann, "inbox");
        Assert.NotNull(Upstream(Ann));

        await _stage.StopRelayAsync();

        Assert.Null(Upstream(Ann));
    }

    [Fact]
    public async Task A_silent_stream_is_given_up_and_nothing_is_lost()
    {
        await _stage.StopRelayAsync();
        _stage.Options.SilenceLimit = TimeSpan.FromSeconds(1);
        await _stage.StartRelayAsync();
        await _stage.WatchAsync(Ann, "inbox");
        _stage.Proxy.Stall();
        var unseen = _stage.Server.DeliverMail(Ann, "unseen", Bob);
        await Eventually.TrueAsync(() => _stage.Proxy.Stalled > 0, "the mail in the stalled stream");

        // The stalled connection stays so for ever; new ones get through.
        _stage.Proxy.Abandon();

        await Eventually.TrueAsync(() => _stage.Told(Ann, unseen).Contains("+NewMail", StringComparison.Ordinal), "the unseen mail");
    }

    private string? Upstream(string mailbox) => _stage.Store.Read(transaction =>
        transaction.Watches.AllMailboxes().Single(known => known.Address == mailbox).UpstreamSubscription);

    [Fact]
    public async Task What_is_queued_behind_a_stream_that_is_refused_for_good_is_caught_up_with()
    {
        await _stage.WatchAsync(Ann, "inbox");
        _stage.Server.Arm(SimulatorFault.TransientError, 1_000_000, "GetStreamingEvents");
        _stage.Proxy.CutAll();
        await Eventually.TrueAsync(() => !_stage.Server.ArmedFaults[0].Contains("1000000", StringComparison.Ordinal), "the first refusal");

        var mail = _stage.Server.DeliverMail(Ann, "queued", Bob);
        await _stage.ToldAsync(Ann, mail, "+Created +NewMail");
    }
}
