using System.Globalization;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Tests.Gateway;

namespace Relay.Tests.Outbound;

/// <summary>Two smarthosts and a route of its own, over real TCP.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private readonly RecordingMailServer _deputy = RecordingMailServer.Start();
    private readonly RecordingMailServer _branch = RecordingMailServer.Start();
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync(
        ("Delivery:Smarthosts:0:Host", "127.0.0.1"),
        ("Delivery:Smarthosts:0:Port", _deputy.Port.ToString(CultureInfo.InvariantCulture)),
        ("Delivery:Routes:0:Domain", "*.branch.example"),
        ("Delivery:Routes:0:Host", "127.0.0.1"),
        ("Delivery:Routes:0:Port", _branch.Port.ToString(CultureInfo.InvariantCulture)));

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _deputy.DisposeAsync();
        await _branch.DisposeAsync();
    }

    public static TheoryData<string, MailServerStage, string> Troubles => new()
    {
        { "busy at the greeting", MailServerStage.Connect, "421 4.3.2 busy" },
        { "refused at the greeting", MailServerStage.Connect, "554 5.7.1 not you" },
        { "later at EHLO", MailServerStage.Hello, "451 4.3.0 later" },
        { "refused at EHLO and HELO", MailServerStage.Hello, "550 5.7.1 not you" },
        { "wants AUTH, of which nothing is set", MailServerStage.Mail, "530 5.7.0 authenticate first" },
        { "closes at MAIL", MailServerStage.Mail, "421 4.3.2 shutting down" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task The_next_smarthost_has_the_mail_of_one_in_trouble_and_no_mail_is_blamed(string why, MailServerStage stage, string reply)
    {
        _gateway.Smarthost.Always(stage, new MailServerOrder.Answer(reply));
        await AskAsync("1");
        await _deputy.MailAsync(mail => mail.InReplyTo == "<1>", $"the answer by the deputy, {why}");
        await _gateway.SettledAsync();
        Assert.Equal(1, Assert.Single(_gateway.Store.Read(t => t.Outbox.List(OutboxState.Delivered, 0, 10))).Attempts);
    }

    [Fact]
    public async Task The_first_smarthost_is_used_again_when_it_is_back()
    {
        await _gateway.Smarthost.StopAsync();
        await AskAsync("1");
        await _deputy.MailAsync(mail => mail.InReplyTo == "<1>", "the answer by the deputy");
        _gateway.Smarthost.Restart();
        int number = 1;
        await Eventually.TrueAsync(
            async () =>
            {
                await AskAsync($"{++number}");
                await _gateway.SettledAsync();
                return _gateway.Smarthost.Mails.Count > 0;
            },
            "a mail by the first again");
        Assert.Equal(number, _gateway.Smarthost.Mails.Count + _deputy.Mails.Count);
    }

    [Fact]
    public async Task A_mail_waits_while_both_are_away_and_uses_up_no_attempt()
    {
        await _gateway.Smarthost.StopAsync();
        await _deputy.StopAsync();
        await AskAsync("1");
        await Eventually.TrueAsync(() => _gateway.Store.Read(t => t.Outbox.List(null, 0, 1)) is [{ Note: not null }], "a try");
        _deputy.Restart();
        await _deputy.MailAsync(mail => mail.InReplyTo == "<1>", "the answer");
        await _gateway.SettledAsync();
        Assert.Equal(1, Assert.Single(_gateway.Store.Read(t => t.Outbox.List(null, 0, 10))).Attempts);
    }

    [Fact]
    public async Task A_route_takes_the_mail_of_its_domains_and_no_other()
    {
        await AskAsync("1", "app@one.branch.example");
        await AskAsync("2", "app@branch.example");
        await _branch.MailAsync(mail => mail.InReplyTo == "<1>", "the answer by the route");
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2>", "the other answer");
        Assert.Single(_branch.Mails);
        Assert.Single(_gateway.Smarthost.Mails);
    }

    [Fact]
    public async Task A_route_that_is_away_holds_up_no_other()
    {
        await _branch.StopAsync();
        await AskAsync("1", "app@one.branch.example");
        await AskAsync("2");
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2>", "the other answer");
        _branch.Restart();
        await _branch.MailAsync(mail => mail.InReplyTo == "<1>", "the answer by the route");
    }

    [Fact]
    public async Task Domains_that_hang_stop_no_other()
    {
        for (int domain = 0; domain < 4; domain++)
        {
            _gateway.Smarthost.ForRecipient($"app@slow{domain}.example", new MailServerOrder.Hang());
        }

        for (int mail = 0; mail < 40; mail++)
        {
            await AskAsync($"slow{mail}", $"app@slow{mail % 3}.example");
        }

        await Eventually.TrueAsync(() => _gateway.Smarthost.Transcript.Contains("(hangs)", StringComparison.Ordinal), "one that hangs");
        await AskAsync("1");
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the answer to another domain");
        await AskAsync("hang4", "app@slow3.example");
        await Eventually.TrueAsync(() => _gateway.Smarthost.OpenConnections >= 4, "every connection taken");
        await AskAsync("2");
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2>", "the answer by a place that was lent");
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_idle_costs_the_mail_nothing()
    {
        await AskAsync("1");
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the first answer");
        await _gateway.SettledAsync();
        _gateway.Smarthost.Next(MailServerStage.Mail, new MailServerOrder.Answer("421 4.4.2 idle for too long"));
        await AskAsync("2");
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<2>", "the second answer");
        await _gateway.SettledAsync();
        Assert.Equal([1, 1], _gateway.Store.Read(t => t.Outbox.List(null, 0, 10)).Select(entry => entry.Attempts));
        Assert.Empty(_deputy.Mails);
    }

    private async Task AskAsync(string id, string from = "app@plain.example")
    {
        string mail = Mails.Request(Mails.GetMonth, id).Replace("app@branch.example", from, StringComparison.Ordinal);
        Assert.StartsWith("250", await _gateway.SendAsync(mail, "calendar@localhost", from), StringComparison.Ordinal);
    }
}
