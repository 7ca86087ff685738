using Relay.Housekeeping;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>The proof Confirm: nothing is mailed but the confirmation request, until a confirmation comes back.</summary>
public sealed class ConfirmTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync(
        ("Access:Subscribers:0:Name", "anyone"),
        ("Access:Subscribers:0:Proof", "Confirm"),
        ("Access:Subscribers:0:Address", "*@branch.example"),
        ("Access:Subscribers:0:Mailboxes", "*@corp.example"),
        ("Access:Confirmations:PerNetwork", "5"));

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_Subscribe_starts_when_its_sender_replies_to_the_confirmation_request()
    {
        var asking = await SubscribeAsync("sub");
        Assert.Equal("app@branch.example", asking.Recipient);
        Assert.Equal("<sub@branch.example>", asking.InReplyTo);
        Assert.Equal("Confirm: Subscribe", asking.Subject);
        Assert.Equal("auto-replied", asking.Field("Auto-Submitted"));
        Assert.Matches("^confirm\\+[0-9a-f]+@localhost$", asking.Field("Reply-To"));
        Assert.Contains("reply to this mail", asking.AllText(), StringComparison.Ordinal);
        _gateway.Exchange.DeliverMail("ann@corp.example", "Before", "shop@web.example");
        await _gateway.SettledAsync();
        Assert.Single(_gateway.Smarthost.Mails);
        Assert.Equal(0, _gateway.Store.Read(t => t.Subscriptions.CountActive()));

        await ReplyAsync(asking);
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<sub@branch.example>" && mail.Field("Reply-To") is null, "the answer");
        Assert.Equal("<sub@branch.example>", answer.InReplyTo);
        Assert.Equal("NoError", answer.Value("ResponseCode"));
        _gateway.Exchange.DeliverMail("ann@corp.example", "After", "shop@web.example");
        await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "the notification");
    }

    [Fact]
    public async Task A_confirmation_request_says_nothing_that_a_stranger_wrote()
    {
        await _gateway.SendAsync(Mails.Request("<BuyAtEvilExample xmlns='urn:evil'/>", "evil@branch.example"));
        await _gateway.SendAsync(Mails.Request("<m:BuyAtEvilExample/>", "evil2@branch.example"));
        await _gateway.SettledAsync();
        Assert.Empty(_gateway.Smarthost.Mails);
        Assert.All(_gateway.Outcomes(), outcome => Assert.Equal("not proven, and no operation of the service", outcome));

        await _gateway.SendAsync(Mails.Request(
            Mails.Push(url: "mailto:app@branch.example"), "sub@branch.example", fields: "References: <buy-at.evil.example@x>\nX-Note: buy at evil.example\n"));
        var asking = (await _gateway.Smarthost.MailsAsync(1))[0];
        Assert.DoesNotContain("evil", System.Text.Encoding.UTF8.GetString(asking.Content.Span) + asking.AllText(), StringComparison.Ordinal);
        Assert.Equal("<sub@branch.example>", asking.Field("References"));
    }

    [Fact]
    public async Task A_program_confirms_with_the_token()
    {
        string token = TokenOf(await SubscribeAsync("sub"));
        var confirmed = await _gateway.AskAsync(Confirm(token), "confirm@branch.example");
        Assert.Equal("ConfirmSubscriptionResponse", confirmed.Operation().Name.LocalName);
        await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<sub@branch.example>" && mail.Field("Reply-To") is null, "the answer");
        Assert.Equal(1, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task The_owner_of_a_confirmed_subscription_is_known_by_its_id()
    {
        await ReplyAsync(await SubscribeAsync("sub"));
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.Field("Content-Type")?.Contains("xml", StringComparison.Ordinal) == true, "the answer");
        string id = answer.Value("SubscriptionId")!;
        var page = await _gateway.AskAsync(Mails.GetEvents(id, answer.Value("Watermark")!), "get@branch.example");
        Assert.Equal("NoError", page.Value("ResponseCode"));
        var ended = await _gateway.AskAsync(Mails.Unsubscribe(id), "end@branch.example");
        Assert.Equal("NoError", ended.Value("ResponseCode"));
    }

    public static TheoryData<string, Func<string, string>> BadTokens => new()
    {
        { "made by somebody else", _ => new string('0', 40) },
        { "changed", token => token[..^1] + (token[^1] == '0' ? '1' : '0') },
        { "cut", token => token[..20] },
        { "of another request", token => token.Replace("0000000000000001", "0000000000000002", StringComparison.Ordinal) },
        { "empty", _ => "" },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task Nothing_starts_by_a_token_that_is(string why, Func<string, string> change)
    {
        Assert.NotEmpty(why);
        string token = change(TokenOf(await SubscribeAsync("sub")));
        await _gateway.SendAsync(Mails.Mail("yes", "yes@branch.example", type: "text/plain"), token.Length > 0 ? $"confirm+{token}@localhost" : "ews@localhost");
        await _gateway.SendAsync(Mails.Request(Confirm(token), "confirm@branch.example"));
        await Eventually.TrueAsync(() => _gateway.Outcomes().All(text => text.Length > 0), "the judgements");
        Assert.Equal(0, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
        Assert.DoesNotContain(_gateway.Smarthost.Mails, mail => mail.AllText().Contains("SubscribeResponse", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_is_good_once()
    {
        var asking = await SubscribeAsync("sub");
        await ReplyAsync(asking);
        await _gateway.Smarthost.MailsAsync(2);
        await ReplyAsync(asking);
        await Eventually.TrueAsync(() => _gateway.Outcomes()[^1].StartsWith("ignored", StringComparison.Ordinal), "the second judgement");
        await _gateway.SettledAsync();
        Assert.Equal(1, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task A_token_is_good_for_a_day()
    {
        var asking = await SubscribeAsync("sub");
        _gateway.Clock.Shift(TimeSpan.FromHours(25));
        await ReplyAsync(asking);
        await Eventually.TrueAsync(() => _gateway.Outcomes()[^1].StartsWith("ignored", StringComparison.Ordinal), "the judgement");
        _gateway.Clock.Shift(TimeSpan.FromDays(7));
        await _gateway.Service<HousekeepingWorker>().RoundAsync(CancellationToken.None);
        Assert.Equal(0, _gateway.Store.Read(t => t.Confirmations.Count(DateTimeOffset.UnixEpoch)));
        Assert.Equal(0, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied\n", "app@branch.example")]
    [InlineData("Precedence: bulk\n", "app@branch.example")]
    [InlineData("", null)]
    public async Task An_automatic_reply_confirms_nothing(string fields, string? from)
    {
        var asking = await SubscribeAsync("sub");
        await _gateway.SendAsync(Mails.Mail("I am away", "away@branch.example", fields, "text/plain"), asking.Field("Reply-To")!, from);
        await Eventually.TrueAsync(() => _gateway.Outcomes().Any(text => text.StartsWith("not confirmed", StringComparison.Ordinal)), "the judgement");
        Assert.Equal(0, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task Strangers_cannot_make_the_relay_mail_more_than_the_limits_allow()
    {
        for (int i = 0; i < 6; i++)
        {
            await _gateway.SendAsync(Mails.Request(Mails.Push(), $"a{i}@branch.example"));
        }

        for (int i = 0; i < 6; i++)
        {
            await _gateway.SendAsync(Mails.Request(Mails.Push(), $"b{i}@branch.example").Replace("From: app@", $"From: victim{i}@", StringComparison.Ordinal));
        }

        await Eventually.TrueAsync(() => _gateway.Outcomes().Count == 12 && _gateway.Outcomes().All(text => text.Length > 0), "the judgements");
        await _gateway.SettledAsync();
        Assert.Equal(3, _gateway.Smarthost.Mails.Count(mail => mail.Recipient == "app@branch.example"));
        Assert.Equal(5, _gateway.Smarthost.Mails.Count);
        _gateway.Clock.Shift(TimeSpan.FromHours(1));
        await SubscribeAsync("later");
    }

    public static TheoryData<string, string> Unproven => new()
    {
        { "a sender whom no entry lets confirm", Mails.Request(Mails.Push(), "1@branch.example").Replace("From: app@branch.example", "From: app@evil.example", StringComparison.Ordinal) },
        { "a mail without XML", Mails.Mail("hello", "1@branch.example", type: "text/plain") },
        { "XML that is no request", Mails.Mail("<order/>", "1@branch.example") },
        { "a mail that a program made by itself", Mails.Request(Mails.Push(), "1@branch.example", fields: "Auto-Submitted: auto-generated\n") },
        { "the id of nobody's subscription is no proof", Mails.Request(Mails.Unsubscribe("bm9uZQ=="), "1@branch.example", fields: "Auto-Submitted: auto-replied\n") },
    };

    [Theory]
    [MemberData(nameof(Unproven))]
    public async Task Nothing_is_mailed_for(string why, string mail)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(mail);
        await _gateway.SettledAsync();
        Assert.Empty(_gateway.Smarthost.Mails);
    }

    [Fact]
    public async Task Answers_and_notifications_go_to_the_confirmed_address_only()
    {
        await _gateway.SendAsync(Mails.Request(Mails.Push(url: "mailto:victim@branch.example"), "1@branch.example"));
        var asking = await _gateway.Smarthost.MailAsync(_ => true, "the confirmation request");
        await ReplyAsync(asking);
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1@branch.example>" && mail.Field("Reply-To") is null, "the answer");
        Assert.Equal("ErrorAccessDenied", answer.Value("ResponseCode"));
        Assert.DoesNotContain(_gateway.Smarthost.Mails, mail => mail.Recipient != "app@branch.example");
    }

    private static string TokenOf(RecordedMail asking) => asking.Field("Reply-To")!["confirm+".Length..^"@localhost".Length];

    private static string Confirm(string token) => $"<r:ConfirmSubscription xmlns:r='urn:soap-relay:v1'><r:Token>{token}</r:Token></r:ConfirmSubscription>";

    private async Task<RecordedMail> SubscribeAsync(string name)
    {
        await _gateway.SendAsync(Mails.Request(Mails.Push(), $"{name}@branch.example"));
        return await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == $"<{name}@branch.example>", "the confirmation request");
    }

    private Task<string> ReplyAsync(RecordedMail asking) =>
        _gateway.SendAsync(Mails.Mail("yes", $"{Guid.NewGuid():N}@branch.example", $"In-Reply-To: {asking.MessageId}\n", "text/plain"), asking.Field("Reply-To")!);
}
