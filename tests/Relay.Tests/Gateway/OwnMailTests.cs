using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>
/// A subscription that watches the mailbox it is told at, which is what a request gets that names no mailbox: the mail of a notification is an event of
/// that mailbox, and must not make the next notification. The smarthost delivers into the mailbox here.
/// </summary>
public sealed class OwnMailTests : IAsyncLifetime
{
    private const string App = "app@branch.example";
    private const string AllTypes = "CopiedEvent CreatedEvent DeletedEvent ModifiedEvent MovedEvent NewMailEvent FreeBusyChangedEvent";
    private const string OwnInbox = "<t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></t:FolderIds>";

    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _delivered = [];
    private TestGateway _gateway = null!;
    private Task _delivering = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _delivering = DeliverAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _delivering;
        await _gateway.DisposeAsync();
        _stop.Dispose();
    }

    [Theory]
    [InlineData("push")]
    [InlineData("streaming")]
    public async Task What_is_told_in_a_mailbox_that_is_watched_is_not_told_again(string kind)
    {
        await SubscribeAsync(kind);
        Deliver("from somebody");
        await Eventually.TrueAsync(() => Notifications().Count > 0, "a notification");
        await QuietAsync();
        var told = Notifications().Count;

        Deliver("from somebody else");
        await Eventually.TrueAsync(() => Notifications().Count > told, "what is not our own is told as ever");
        await QuietAsync();

        // The events of one mail come in one or several mails, as the stream brings them; none of them is about another of ours.
        Assert.InRange(Notifications().Count, 2, 6);
        Assert.All(Notifications(), mail => Assert.Equal(0, OwnIdsIn(mail)));
        Assert.Contains(Log(), entry => entry.Own);
    }

    [Fact]
    public async Task What_happens_to_such_a_mail_later_is_not_told_either()
    {
        await SubscribeAsync("push");
        Deliver("from somebody");
        await Eventually.TrueAsync(() => Notifications().Count > 0, "a notification");
        await QuietAsync();
        var told = Notifications().Count;

        var own = Log().Last(entry => entry is { Own: true, Event.IsFolder: false }).Event.Object;
        _gateway.Exchange.MarkRead(own, true);
        var moved = _gateway.Exchange.MoveItem(own, "drafts");
        _gateway.Exchange.DeleteItem(moved);
        await Eventually.TrueAsync(() => Log().Any(entry => entry.Event.Type == Wire.Ews.MailboxEventType.Deleted), "the end of it in the log");
        await QuietAsync();

        Assert.Equal(told, Notifications().Count);
    }

    [Fact]
    public async Task What_is_caught_up_after_a_restart_is_not_told_either()
    {
        await SubscribeAsync("push");
        Deliver("from somebody");
        await Eventually.TrueAsync(() => Notifications().Count > 0, "a notification");
        await QuietAsync();
        var told = Notifications().Count;
        await _gateway.StopRelayAsync();
        _gateway.Exchange.DeliverMail(App, "again", "ews@localhost", messageId: Notifications()[0].MessageId);
        var foreign = _gateway.Exchange.DeliverMail(App, "from somebody", "eve@other.example");

        await _gateway.StartRelayAsync();
        await Eventually.TrueAsync(() => Notifications().Count > told, "what is not our own");
        await QuietAsync();

        Assert.Contains(Notifications().Skip(told), mail => mail.BodyText.Contains(foreign.Id, StringComparison.Ordinal));
        Assert.All(Notifications(), mail => Assert.Equal(0, OwnIdsIn(mail)));
    }

    [Theory]
    [InlineData("as it happens", false)]
    [InlineData("while catching up", true)]
    public async Task A_stranger_hides_nothing_behind_an_id_that_we_made_for_him(string why, bool isCaughtUp)
    {
        await SubscribeAsync("push");
        var answer = await _gateway.AskAsync("<r:Ping xmlns:r='urn:soap-relay:v1'/>", "ping@other.example", fields: "Reply-To: eve@other.example\n");
        if (isCaughtUp)
        {
            await _gateway.StopRelayAsync();
        }

        var hidden = _gateway.Exchange.DeliverMail(App, "unseen", "eve@other.example", messageId: answer.MessageId);
        if (isCaughtUp)
        {
            await _gateway.StartRelayAsync();
        }

        await Eventually.TrueAsync(() => Notifications().Exists(mail => mail.BodyText.Contains(hidden.Id, StringComparison.Ordinal)), why);
    }

    [Fact]
    public async Task Who_asks_by_itself_is_told_of_all()
    {
        await SubscribeAsync("push");
        var answer = await _gateway.AskAsync(Mails.Pull(AllTypes, OwnInbox), "pull@branch.example");
        var (id, watermark) = (answer.Value("SubscriptionId")!, answer.Value("Watermark")!);
        Deliver("from somebody");
        await Eventually.TrueAsync(() => Notifications().Count > 0, "a notification");
        await QuietAsync();

        var events = await _gateway.AskAsync(Mails.GetEvents(id, watermark), "events@branch.example");

        Assert.True(OwnIdsIn(events) > 0);
    }

    private async Task SubscribeAsync(string kind)
    {
        var answer = await _gateway.AskAsync(
            kind == "push" ? Mails.Push(AllTypes, folders: OwnInbox) : Mails.Streaming(AllTypes, OwnInbox), $"sub-{kind}@branch.example");
        await _gateway.StreamingAsync();
        if (kind == "streaming")
        {
            await _gateway.AskAsync(Mails.GetStreamingEvents(30, answer.Value("SubscriptionId")!), "stream@branch.example");
        }

        await QuietAsync();
    }

    /// <summary>What a mail server does with mail for the mailbox.</summary>
    private async Task DeliverAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var mail in _gateway.Smarthost.Mails.Where(mail => mail.Recipient == App && !_delivered.Contains(mail.MessageId!)))
            {
                _delivered.Add(mail.MessageId!);
                _gateway.Exchange.DeliverMail(App, mail.Subject ?? "", "ews@localhost", messageId: mail.MessageId);
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private void Deliver(string subject) => _gateway.Exchange.DeliverMail(App, subject, "eve@other.example");

    /// <summary>Long enough for a dozen turns of a loop.</summary>
    private static Task QuietAsync() => Task.Delay(TimeSpan.FromMilliseconds(600));

    private List<RecordedMail> Notifications() => [.. _gateway.Smarthost.Mails.Where(mail => mail.Field("Relay-Sequence") is not null)];

    private int OwnIdsIn(RecordedMail mail) => Log().Where(entry => entry is { Own: true, Event.IsFolder: false })
        .Select(entry => entry.Event.Object.Id).Distinct().Count(id => mail.BodyText.Contains(id, StringComparison.Ordinal));

    private IReadOnlyList<LoggedEvent> Log() => _gateway.Store.Read(transaction =>
        transaction.Events.After(transaction.Watches.FindMailbox(App) ?? 0, new LogPosition(0), 10_000));
}
