using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>What is under way when the relay is told to stop, and mail that can never be sent.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync(("Delivery:ShutdownGrace", "00:00:02"));

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_mail_that_hangs_is_cut_in_time_and_sent_again_after_the_start()
    {
        _gateway.Smarthost.Always(MailServerStage.Content, new MailServerOrder.Hang());
        await AskAsync("1");
        await Eventually.TrueAsync(() => _gateway.Smarthost.Mails.Count == 1, "a mail under way");
        long began = Stopwatch.GetTimestamp();
        await _gateway.StopRelayAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(20));

        _gateway.Smarthost.Always(MailServerStage.Content, null);
        await _gateway.StartRelayAsync();
        var again = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the mail again");
        Assert.Equal(_gateway.Smarthost.Mails[0].MessageId, again.MessageId);
        Assert.Equal(_gateway.Smarthost.Mails[0].Content.ToArray(), again.Content.ToArray());
        await _gateway.SettledAsync();
        Assert.Equal(1, Assert.Single(Entries()).Attempts);
    }

    [Fact]
    public async Task A_mail_that_needs_a_moment_is_finished_and_what_waits_is_released()
    {
        _gateway.Smarthost.Always(MailServerStage.Content, new MailServerOrder.Wait(TimeSpan.FromSeconds(1)));
        for (int number = 1; number <= 20; number++)
        {
            await AskAsync($"{number}");
        }

        await Eventually.TrueAsync(() => _gateway.Smarthost.Mails.Count > 0, "a mail under way");
        await _gateway.StopRelayAsync();
        int sent = _gateway.Smarthost.Mails.Count;
        _gateway.Smarthost.Always(MailServerStage.Content, null);
        await _gateway.StartRelayAsync();
        await _gateway.SettledAsync();
        Assert.InRange(sent, 1, 19);
        Assert.Equal(20, _gateway.Smarthost.Mails.Count); // none of them twice
    }

    [Fact]
    public async Task A_request_that_waits_for_Exchange_is_put_back_and_no_crash_is_counted_against_it()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0); // takes connections and says nothing
        silent.Start();
        await _gateway.RestartAsync(("Exchange:Url", $"http://{silent.LocalEndpoint}/EWS/Exchange.asmx"));
        await _gateway.SendAsync(Mails.Request(Mails.Push(), "sub"));
        await Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Spool.List(SpoolState.Claimed, 0, 1)) is [_], "a request in hand");
        await Task.Delay(TimeSpan.FromSeconds(0.5), TestContext.Current.CancellationToken);
        await _gateway.StopRelayAsync();
        Assert.Equal("0 0 0", await _gateway.DamageAsync("SELECT state || ' ' || attempts || ' ' || cuts FROM spool"));

        await _gateway.StartRelayAsync();
        await _gateway.RestartAsync(("Exchange:Url", null));
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<sub>", "the answer");
    }

    [Fact]
    public async Task A_row_that_has_lost_its_content_is_given_up_and_holds_up_nobody()
    {
        await _gateway.Smarthost.StopAsync();
        await AskAsync("1");
        await Eventually.TrueAsync(() => Entries() is [{ Note: not null }], "a try");
        await _gateway.StopRelayAsync();
        await _gateway.DamageAsync("DELETE FROM outbox_content");
        _gateway.Smarthost.Restart();
        await _gateway.StartRelayAsync();
        await AskAsync("2");
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2>", "the other answer");
        await _gateway.SettledAsync();
        Assert.Contains("missing", Assert.Single(Entries(), entry => entry.State == OutboxState.GivenUp).Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_is_given_up_after_its_time_if_it_was_tried_and_its_subscription_learns_of_it()
    {
        await _gateway.RestartAsync(("Delivery:GiveUp", "00:00:10"));
        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        var subscription = Assert.Single(_gateway.Store.Read(t => t.Subscriptions.Active()));
        _gateway.Smarthost.ForRecipient("app@branch.example", new MailServerOrder.Answer("451 4.2.1 later"));
        var old = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(5);
        await _gateway.Store.CommitAsync(
            t => t.Outbox.Add(new NewOutboxMail(
                OutboxKind.Notification, "bounce+x@localhost", "app@branch.example", "<old@localhost>", "Subject: x\r\n\r\n"u8.ToArray(), subscription.Id, 1, old)),
            CancellationToken.None);
        await Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Subscriptions.Find(subscription.Id))?.State == SubscriptionState.Suspended, "suspended");
        var given = Assert.Single(Entries(), entry => entry.State == OutboxState.GivenUp);
        Assert.Contains("4.2.1", given.Note, StringComparison.Ordinal);
        Assert.Equal(3, given.Attempts);
    }

    [Fact]
    public async Task An_answer_that_is_refused_for_good_is_recorded_only()
    {
        _gateway.Smarthost.ForRecipient("app@branch.example", new MailServerOrder.Answer("550 5.1.1 no such user"));
        await AskAsync("1");
        await Eventually.TrueAsync(() => Entries() is [{ State: OutboxState.GivenUp }], "given up");
        await _gateway.SettledAsync();
        Assert.Empty(_gateway.Smarthost.Mails); // nobody is told of a refusal by mail
    }

    private IReadOnlyList<OutboxEntry> Entries() => _gateway.Store.Read(t => t.Outbox.List(null, 0, 100));

    private Task<string> AskAsync(string id) => _gateway.SendAsync(Mails.Request(Mails.GetMonth, id), "calendar@localhost");
}
