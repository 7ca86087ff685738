using Relay.Store;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

public sealed class GapTests : IAsyncLifetime
{
    private static readonly EventGap Gap = new(
        new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 21, 11, 0, 0, TimeSpan.Zero), null, "for a test");

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_gap_is_told_in_a_mail_of_its_own_and_does_not_move_the_chain()
    {
        var answer = await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var before = await NotificationAsync(1);
        await LogGapAsync(Gap);
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 2", "shop@web.example");

        var told = await NotificationAsync(2);
        Assert.StartsWith("Gap in ann@corp.example", told.Subject, StringComparison.Ordinal);
        Assert.Equal("2026-11-21T10:00:00Z 2026-11-21T11:00:00Z", told.Field("Relay-Gap"));
        Assert.Null(told.Field("Relay-Watermark"));
        Assert.Equal("ErrorMissedNotificationEvents", told.Value("ResponseCode"));
        Assert.Contains(answer.Value("SubscriptionId")!, told.BodyText, StringComparison.Ordinal);
        var after = await NotificationAsync(3);
        Assert.Equal(before.Field("Relay-Watermark"), after.Value("PreviousWatermark"));
        Assert.Single(after.Events());
    }

    [Fact]
    public async Task A_gap_is_told_once_whatever_restarts()
    {
        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        await LogGapAsync(Gap);
        await NotificationAsync(1);
        await _gateway.SettledAsync();
        await _gateway.StopRelayAsync();
        await _gateway.StartRelayAsync();
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        var next = await NotificationAsync(2);
        Assert.Single(next.Events());
        Assert.Null(next.Field("Relay-Gap"));
    }

    [Fact]
    public async Task A_gap_of_a_folder_that_nobody_asked_for_is_not_told()
    {
        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        await LogGapAsync(Gap with { FolderId = "elsewhere" });
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        Assert.Null((await NotificationAsync(1)).Field("Relay-Gap"));
    }

    [Fact]
    public async Task A_pull_subscriber_learns_of_a_gap_with_the_events_around_it()
    {
        var answer = await _gateway.AskAsync(Mails.Pull(), "sub@branch.example");
        await LogGapAsync(Gap);
        var page = await _gateway.AskAsync(Mails.GetEvents(answer.Value("SubscriptionId")!, answer.Value("Watermark")!), "get@branch.example");
        Assert.Equal("2026-11-21T10:00:00Z 2026-11-21T11:00:00Z", page.Field("Relay-Gap"));
        Assert.Equal("NoError", page.Value("ResponseCode"));
    }

    private Task<LogPosition> LogGapAsync(EventGap gap) => _gateway.Store.CommitAsync(
        transaction => transaction.Events.AppendGap(transaction.Watches.MailboxId("ann@corp.example"), gap, DateTimeOffset.UnixEpoch), CancellationToken.None);

    private Task<RecordedMail> NotificationAsync(int sequence) =>
        _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == $"{sequence}", $"notification {sequence}");
}
