using System.Globalization;
using Relay.Outbound;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Tests.Gateway;

namespace Relay.Tests.Outbound;

/// <summary>A smarthost that takes access tokens only, which end after an hour and are renewed in a file.</summary>
public sealed class AccessTokenTests : IAsyncLifetime
{
    private readonly Dictionary<string, string> _accounts = new() { ["relay"] = "first-token" };
    private readonly TempFolder _folder = new();
    private RecordingMailServer _smarthost = null!;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _smarthost = RecordingMailServer.Start(new RecordingMailServerOptions
        {
            Certificate = TestCertificate.SelfSigned("localhost"),
            Accounts = _accounts,
            Mechanisms = "XOAUTH2",
        });
        _gateway = await TestGateway.StartAsync(
            ("Delivery:Routes:0:Domain", "*"),
            ("Delivery:Routes:0:Host", "127.0.0.1"),
            ("Delivery:Routes:0:Port", _smarthost.Port.ToString(CultureInfo.InvariantCulture)),
            ("Delivery:Routes:0:UserName", "relay"),
            ("Delivery:Routes:0:AccessTokenFile", _folder.File("token")));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _smarthost.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_that_is_not_there_yet_is_waited_for_and_one_that_was_renewed_is_read_again()
    {
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "1"), "calendar@localhost");
        await Eventually.TrueAsync(
            () => _gateway.Store.Read(t => t.Outbox.List(null, 0, 10)) is [{ Note: { } note, Attempts: 0 }] && note.Contains("cannot be read", StringComparison.Ordinal), "why it waits");
        _folder.Write("token", "first-token\n");
        await _smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the first answer");

        _accounts["relay"] = "second-token";
        _smarthost.Next(MailServerStage.Mail, new MailServerOrder.Answer("421 4.7.0 your token has ended"));
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "2"), "calendar@localhost");
        await Eventually.TrueAsync(() => _smarthost.Transcript.Contains("535 5.7.8", StringComparison.Ordinal), "a refusal of the old token");
        _folder.Write("token", "second-token\n");
        await _smarthost.MailAsync(mail => mail.InReplyTo == "<2>", "the second answer");
    }

    [Theory]
    [InlineData("nothing at all", "", null)]
    [InlineData("an empty first line", "\ntoken", null)]
    [InlineData("a line that would say more than a token", "tok\u0001auth=Bearer x", null)]
    [InlineData("two words", "Bearer token", null)]
    [InlineData("a line ended as on Windows", "token\r\nmore", "token")]
    [InlineData("no line end", "token", "token")]
    public async Task Only_a_token_is_taken_for_one(string why, string content, string? token)
    {
        Assert.True((await AccessTokenFile.ReadAsync(_folder.Write("odd", content), TestContext.Current.CancellationToken)).Token == token, why);
    }

    [Fact]
    public async Task A_file_without_an_end_is_no_token()
    {
        string endless = _folder.Write("endless", new string('x', 100_000));
        Assert.Null((await AccessTokenFile.ReadAsync(endless, TestContext.Current.CancellationToken)).Token);
    }
}
