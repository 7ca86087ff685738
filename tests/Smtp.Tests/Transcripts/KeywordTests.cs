using System.Net;
using Relay.Smtp.Server;
using Relay.Smtp.Tests.Server;
using Relay.TestKit.Mail;

namespace Relay.Smtp.Tests.Transcripts;

/// <summary>Nothing is announced without a dialogue that shows it to be honoured.</summary>
public sealed class KeywordTests
{
    private static readonly Dictionary<string, string> Dialogues = new()
    {
        ["PIPELINING"] = "commands/pipelined",
        ["SIZE"] = "limits/size-declared",
        ["8BITMIME"] = "content/eight-bit",
        ["SMTPUTF8"] = "addresses/utf8",
        ["ENHANCEDSTATUSCODES"] = "commands/mail",
        ["CHUNKING"] = "extensions/chunking",
        ["DSN"] = "extensions/dsn",
        ["STARTTLS"] = "extensions/starttls-order",
        ["AUTH"] = "auth/plain",
        ["XCLIENT"] = "xclient/client",
    };

    [Theory]
    [InlineData(SmtpProtocol.Smtp, "EHLO")]
    [InlineData(SmtpProtocol.Lmtp, "LHLO")]
    public async Task All_that_is_ever_announced_is_on_the_list(SmtpProtocol protocol, string hello)
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Listeners[0].Protocol = protocol;
            options.Listeners[0].Tls = SmtpTlsMode.StartTls;
            options.Listeners[0].XclientNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
            options.Certificate = TestCertificate.SelfSigned("mx.example");
            options.Authenticator = new TestAccounts { HasAccounts = true };
            options.AllowAuthInTheClear = true;
        });
        await using var client = await SmtpDialogue.ConnectAsync(server.EndPoint.Port);
        var announced = (await client.CommandAsync($"{hello} c.example")).Split('\n').Skip(1).Select(line => line[4..].Split(' ')[0]);

        Assert.Equal(Dialogues.Keys.Order(StringComparer.Ordinal), announced.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public Task Each_is_honoured(string keyword)
    {
        Assert.NotEmpty(keyword);
        return new TranscriptTests().The_server_plays_its_part($"{Dialogues[keyword]}.smtp", TranscriptPace.Whole);
    }

    public static TheoryData<string> All() => [.. Dialogues.Keys];
}
