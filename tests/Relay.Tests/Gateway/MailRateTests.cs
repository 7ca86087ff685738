using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Tests.Store;

namespace Relay.Tests.Gateway;

/// <summary>How many mails a minute a client and a principal may begin, over real connections. A listed proxy plays the clients of other networks.</summary>
public sealed class MailRateTests
{
    private const string Mail = "MAIL FROM:<app@branch.example>";
    private const string OfNetwork = "451 4.7.0 too many mails from your network, come again later";
    private const string OfAddress = "451 4.7.0 too many mails from this address, come again later";

    private static readonly (string, string) Xclient = ("Smtp:Listeners:0:XclientNetworks", "127.0.0.0/8");
    private static readonly (string, string) Proxy = ("Smtp:Listeners:0:ProxyNetworks", "127.0.0.0/8");

    private static readonly (string, string)[] Branch =
    [
        ("Access:Subscribers:0:Address", "*@branch.example"),
        ("Access:Subscribers:0:Networks", "192.0.2.0/24,127.0.0.1"),
        ("Access:Subscribers:0:Mailboxes", "*"),
    ];

    [Fact]
    public async Task Over_its_limit_a_network_is_refused_at_MAIL_while_others_go_on_and_is_heard_again_later()
    {
        await using var gateway = await TestGateway.StartAsync([Xclient, .. Branch, PerClient(2)]);
        await using var one = await FromAsync(gateway, "IPV6:2001:db8:1:2::1");
        await using var neighbour = await FromAsync(gateway, "IPV6:2001:db8:1:2:ffff::2");
        await using var other = await FromAsync(gateway, "192.0.2.7");
        Assert.StartsWith("250", await BeginAsync(one), StringComparison.Ordinal);
        Assert.StartsWith("250", await BeginAsync(neighbour), StringComparison.Ordinal);
        Assert.Equal(OfNetwork, await BeginAsync(one));
        Assert.Equal(OfNetwork, await BeginAsync(neighbour));
        Assert.StartsWith("250 2.0.0", await other.SendAsync("app@branch.example", "calendar@localhost", Mails.Request(Mails.GetMonth, "1")), StringComparison.Ordinal);

        gateway.Clock.Shift(TimeSpan.FromSeconds(30));
        Assert.StartsWith("250", await BeginAsync(one), StringComparison.Ordinal);
        Assert.Equal(OfNetwork, await BeginAsync(one));

        using var http = new HttpClient();
        string metrics = await http.GetStringAsync($"{gateway.HttpUrl}metrics");
        Assert.Contains("relay_mails_over_rate_total{limit=\"client\"} 3\n", metrics, StringComparison.Ordinal);
    }

    public static TheoryData<string, bool, string, string, string> Clients => new()
    {
        { "this machine", false, "", "", "" },
        { "a client that XCLIENT names", true, "Xclient", "", "XCLIENT ADDR=192.0.2.7" },
        { "this machine, as XCLIENT names it", false, "Xclient", "", "XCLIENT ADDR=127.0.0.1" },
        { "one whose address the proxy does not know", false, "Xclient", "", "XCLIENT ADDR=[UNAVAILABLE]" },
        { "a client that PROXY names", true, "Proxy", "PROXY TCP4 192.0.2.7 192.0.2.100 5000 25\r\n", "" },
        { "this machine, as PROXY names it", false, "Proxy", "PROXY TCP6 ::1 ::1 5000 25\r\n", "" },
        { "a proxy that names nobody", false, "Proxy", "PROXY UNKNOWN\r\n", "" },
        { "an LMTP client that PROXY names", true, "Proxy Lmtp", "PROXY TCP4 192.0.2.7 192.0.2.100 5000 25\r\n", "LHLO front.example" },
        { "a listed proxy, elsewhere, that has not said XCLIENT", false, "Proxy Listed", "PROXY TCP4 192.0.2.7 192.0.2.100 5000 25\r\n", "" },
        { "one that did", true, "Proxy Listed", "PROXY TCP4 192.0.2.7 192.0.2.100 5000 25\r\n", "XCLIENT ADDR=198.51.100.1" },
        { "one that told no address", false, "Proxy Listed", "PROXY TCP4 192.0.2.7 192.0.2.100 5000 25\r\n", "XCLIENT NAME=client.example" },
    };

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Who_was_told_is_limited_and_neither_this_machine_nor_a_front(string why, bool isLimited, string listener, string opening, string then)
    {
        (string Word, (string, string) Setting)[] settings =
        [
            ("Xclient", Xclient),
            ("Proxy", Proxy),
            ("Lmtp", ("Smtp:Listeners:0:Protocol", "Lmtp")),
            ("Listed", ("Smtp:Listeners:0:XclientNetworks", "192.0.2.0/24")),
        ];
        await using var gateway = await TestGateway.StartAsync(
            [.. settings.Where(one => listener.Split(' ').Contains(one.Word)).Select(one => one.Setting), PerClient(1)]);
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port, new SmtpDialogueStart { Before = opening });
        if (then.Length > 0)
        {
            Assert.StartsWith("2", await client.CommandAsync(then), StringComparison.Ordinal);
        }

        if (then.StartsWith('X'))
        {
            await client.CommandAsync("EHLO client.example");
        }

        Assert.StartsWith("250", await BeginAsync(client), StringComparison.Ordinal);
        Assert.True(await BeginAsync(client) == OfNetwork == isLimited, why);
    }

    [Fact]
    public async Task A_principal_over_its_limit_is_refused_and_others_of_its_entry_and_reports_are_not()
    {
        await using var gateway = await TestGateway.StartAsync([.. Branch, ("Access:Subscribers:0:MailsPerMinute", "1")]);
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.StartsWith("250", await BeginAsync(client), StringComparison.Ordinal);
        Assert.Equal(OfAddress, await BeginAsync(client));
        Assert.Equal(OfAddress, await BeginAsync(client, "MAIL FROM:<APP@Branch.Example>"));
        Assert.StartsWith("250", await BeginAsync(client, "MAIL FROM:<other@branch.example>"), StringComparison.Ordinal);
        for (int i = 0; i < 2; i++)
        {
            Assert.StartsWith("250", await BeginAsync(client, "MAIL FROM:<>"), StringComparison.Ordinal);
            Assert.StartsWith("250", await BeginAsync(client, "MAIL FROM:<nobody@else.example>"), StringComparison.Ordinal);
        }

        gateway.Clock.Shift(TimeSpan.FromMinutes(1));
        Assert.StartsWith("250", await BeginAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_is_limited_once_it_is_proven_and_the_first_entry_that_names_the_address_counts()
    {
        await using var gateway = await TestGateway.StartAsync(
        [
            ("Access:Subscribers:0:Address", "free@branch.example"),
            ("Access:Subscribers:0:Networks", "127.0.0.1"),
            ("Access:Subscribers:0:Mailboxes", "*"),
            ("Access:Subscribers:1:Address", "*@branch.example"),
            ("Access:Subscribers:1:Proof", "SmtpAuth"),
            ("Access:Subscribers:1:Accounts", "app"),
            ("Access:Subscribers:1:Mailboxes", "*"),
            ("Access:Subscribers:1:MailsPerMinute", "1"),
            ("Access:Accounts:0:Name", "app"),
            ("Access:Accounts:0:Password", "secret"),
            ("Smtp:AllowAuthInTheClear", "true"),
        ]);
        await using var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        for (int i = 0; i < 2; i++)
        {
            Assert.StartsWith("250", await BeginAsync(client), StringComparison.Ordinal);
        }

        Assert.StartsWith("235", await client.CommandAsync("AUTH PLAIN AGFwcABzZWNyZXQ="), StringComparison.Ordinal);
        Assert.StartsWith("250", await BeginAsync(client), StringComparison.Ordinal);
        Assert.Equal(OfAddress, await BeginAsync(client));
        for (int i = 0; i < 2; i++)
        {
            Assert.StartsWith("250", await BeginAsync(client, "MAIL FROM:<free@branch.example>"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_a_principal_is_refused_is_not_counted_for_its_network_and_reports_are()
    {
        await using var gateway = await TestGateway.StartAsync([Xclient, .. Branch, PerClient(3), ("Access:Subscribers:0:MailsPerMinute", "1")]);
        await using var client = await FromAsync(gateway, "192.0.2.7");
        Assert.StartsWith("250", await BeginAsync(client), StringComparison.Ordinal);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(OfAddress, await BeginAsync(client));
        }

        Assert.StartsWith("250", await BeginAsync(client, "MAIL FROM:<>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await BeginAsync(client, "MAIL FROM:<other@branch.example>"), StringComparison.Ordinal);
        Assert.Equal(OfNetwork, await BeginAsync(client, "MAIL FROM:<>"));
    }

    [Fact]
    public async Task What_is_refused_for_want_of_room_counts_nothing()
    {
        await using var gateway = await TestGateway.StartAsync([Xclient, .. Branch, PerClient(1), ("Smtp:Limits:Waiting", "10")]);
        await gateway.Store.CommitAsync(
            t =>
            {
                for (int i = 0; i < 10; i++)
                {
                    t.Spool.Add(StoreContract.Mail($"m{i}") with { ReceivedAt = gateway.Clock.GetUtcNow() });
                }

                // Nobody has time for them.
                return t.Spool.Claim(10, gateway.Clock.GetUtcNow(), TimeSpan.FromHours(1)).Count;
            },
            CancellationToken.None);
        int probe = 100;
        await Eventually.TrueAsync(
            async () =>
            {
                await using var other = await FromAsync(gateway, $"192.0.2.{probe++}");
                return (await BeginAsync(other)).StartsWith("452 4.3.1", StringComparison.Ordinal);
            },
            "the waiting mails are counted, which is done once a second");
        await using var client = await FromAsync(gateway, "192.0.2.7");
        Assert.StartsWith("452 4.3.1", await BeginAsync(client), StringComparison.Ordinal);

        await gateway.Store.CommitAsync(t => t.Spool.ReleaseAllClaims(gateway.Clock.GetUtcNow()), CancellationToken.None);
        gateway.Store.Bells.Spool.Ring();
        await Eventually.TrueAsync(
            async () => (await BeginAsync(client)).StartsWith("250", StringComparison.Ordinal), "the one mail that there is room for");
        Assert.Equal(OfNetwork, await BeginAsync(client));
    }

    [Fact]
    public async Task Commands_sent_at_once_behind_a_refused_MAIL_are_refused_each_and_the_session_goes_on()
    {
        await using var gateway = await TestGateway.StartAsync([Xclient, .. Branch, PerClient(1)]);
        await using var client = await FromAsync(gateway, "192.0.2.7");
        string mail = $"{Mail}\r\nRCPT TO:<calendar@localhost>\r\nDATA";
        Assert.StartsWith("250 2.1.0", await client.CommandAsync(mail), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("354", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0", await client.CommandAsync($"{Mails.Request(Mails.GetMonth, "1").ReplaceLineEndings("\r\n")}\r\n."), StringComparison.Ordinal);

        Assert.Equal(OfNetwork, await client.CommandAsync(mail));
        Assert.StartsWith("503 5.5.1", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("503 5.5.1", await client.ReplyAsync(), StringComparison.Ordinal);

        gateway.Clock.Shift(TimeSpan.FromMinutes(1));
        Assert.StartsWith("250 2.0.0", await client.SendAsync("app@branch.example", "calendar@localhost", Mails.Request(Mails.GetMonth, "2")), StringComparison.Ordinal);
        await gateway.Smarthost.MailAsync(answer => answer.InReplyTo == "<2>", "the answer to the mail that came again");
    }

    [Fact]
    public async Task Where_no_limit_is_asked_for_there_is_none()
    {
        await using var gateway = await TestGateway.StartAsync([Xclient, .. Branch, PerClient(0), ("Access:Subscribers:0:MailsPerMinute", "0")]);
        await using var client = await FromAsync(gateway, "192.0.2.7");
        for (int i = 0; i < 20; i++)
        {
            Assert.StartsWith("250", await BeginAsync(client), StringComparison.Ordinal);
        }
    }

    private static (string, string) PerClient(int mails) => ("Smtp:Limits:MailsPerMinutePerClient", $"{mails}");

    private static async Task<SmtpDialogue> FromAsync(TestGateway gateway, string address)
    {
        var client = await SmtpDialogue.ConnectAsync(gateway.Port);
        Assert.StartsWith("220", await client.CommandAsync($"XCLIENT ADDR={address}"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("EHLO client.example"), StringComparison.Ordinal);
        return client;
    }

    /// <summary>The reply to MAIL, of a mail that never comes: it counts all the same.</summary>
    private static async Task<string> BeginAsync(SmtpDialogue client, string mail = Mail)
    {
        string reply = await client.CommandAsync(mail);
        await client.CommandAsync("RSET");
        return reply;
    }
}
