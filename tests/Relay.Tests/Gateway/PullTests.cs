using Relay.TestKit.Mail;

namespace Relay.Tests.Gateway;

/// <summary>Pull: watermarks are places in the log, good for whoever has them for as long as the log keeps them.</summary>
public sealed class PullTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_long_log_is_read_in_pages_of_fifty_and_any_page_again()
    {
        var made = await _gateway.AskAsync(Mails.Pull(), "sub@branch.example");
        await DeliverAsync(120);
        var pages = new List<RecordedMail>();
        string watermark = made.Value("Watermark")!;
        do
        {
            pages.Add(await GetAsync(made, watermark, $"p{pages.Count}"));
            Assert.Equal(watermark, pages[^1].Value("PreviousWatermark"));
            watermark = LastWatermark(pages[^1]);
        }
        while (pages[^1].Value("MoreEvents") == "true");

        Assert.Equal([50, 50, 20], pages.Select(page => page.Events().Count));
        Assert.Equal(120, pages.SelectMany(page => page.Events()).Select(e => e.Elements().First().Value).Distinct().Count());
        var again = await GetAsync(made, LastWatermark(pages[0]), "again");
        Assert.Equal(pages[1].Operation().ToString(), again.Operation().ToString());
        var middle = await GetAsync(made, pages[0].Events()[9].Elements().First().Value, "middle");
        Assert.Equal(pages[0].Events()[10].ToString(), middle.Events()[0].ToString());
    }

    [Fact]
    public async Task A_watermark_is_good_across_a_restart_and_in_a_new_subscription()
    {
        var made = await _gateway.AskAsync(Mails.Pull(), "sub@branch.example");
        await DeliverAsync(3);
        var first = await GetAsync(made, made.Value("Watermark")!, "first");
        string middle = first.Events()[0].Elements().First().Value;
        await _gateway.StopRelayAsync();
        await _gateway.StartRelayAsync();
        Assert.Equal(first.Operation().ToString(), (await GetAsync(made, made.Value("Watermark")!, "after")).Operation().ToString());

        var anew = await _gateway.AskAsync(Mails.Pull(watermark: $"<t:Watermark>{middle}</t:Watermark>"), "anew@branch.example");
        Assert.Equal(middle, anew.Value("Watermark"));
        Assert.Equal(first.Events().Skip(1).Select(e => e.ToString()), (await GetAsync(anew, middle, "anew2")).Events().Select(e => e.ToString()));
        var push = await _gateway.AskAsync(Mails.Push(watermark: $"<t:Watermark>{middle}</t:Watermark>"), "push@branch.example");
        var told = await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Subscription") == push.Value("SubscriptionId"), "the notification");
        Assert.Equal(middle, told.Value("PreviousWatermark"));
        Assert.Equal(2, told.Events().Count);
    }

    [Fact]
    public async Task The_answer_to_Subscribe_comes_before_the_first_notification_though_it_is_deferred()
    {
        var made = await _gateway.AskAsync(Mails.Pull(), "pull@branch.example");
        await DeliverAsync(1);
        _gateway.Smarthost.Next(MailServerStage.Content, new MailServerOrder.Answer("451 4.3.0 later"));
        await _gateway.SendAsync(Mails.Request(Mails.Push(watermark: $"<t:Watermark>{made.Value("Watermark")}</t:Watermark>"), "push@branch.example"));
        await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "the notification");
        Assert.Equal(["<push@branch.example>", "<push@branch.example>", null], _gateway.Smarthost.Mails.Skip(1).Select(mail => mail.InReplyTo));
    }

    private async Task DeliverAsync(int mails)
    {
        for (int i = 0; i < mails; i++)
        {
            _gateway.Exchange.DeliverMail("ann@corp.example", $"Order {i}", "shop@web.example");
        }

        await _gateway.LoggedAsync(mails);
    }

    private Task<RecordedMail> GetAsync(RecordedMail made, string watermark, string name) =>
        _gateway.AskAsync(Mails.GetEvents(made.Value("SubscriptionId")!, watermark), $"{name}@poll.example");

    private static string LastWatermark(RecordedMail page) => page.Events()[^1].Elements().First().Value;
}
