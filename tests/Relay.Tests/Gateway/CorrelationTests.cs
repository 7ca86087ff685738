using System.Text.RegularExpressions;

namespace Relay.Tests.Gateway;

public sealed partial class CorrelationTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    public static TheoryData<string, string, string, string> Ids => new()
    {
        { "a proper id", "Message-ID: <7f0c1d@branch.example>\n", "<7f0c1d@branch.example>", "<7f0c1d@branch.example>" },
        { "an id without brackets, as the 2003 client sends it", "Message-Id: 2\n", "2", "<2>" },
        { "an id without @", "Message-ID: <abc>\n", "<abc>", "<abc>" },
        { "an id with blanks", "Message-ID: <a b c>\n", "<a b c>", "<a b c>" },
        { "X-Message-ID goes before Message-ID", "Message-ID: <lib@x>\nX-Message-ID: uid@me\n", "uid@me", "<uid@me>" },
        { "the header's name in any case", "MESSAGE-ID: <Case@X>\n", "<Case@X>", "<Case@X>" },
        { "a folded id", "Message-ID:\n <folded@x>\n", "<folded@x>", "<folded@x>" },
    };

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_answer_refers_to_the_requests_id_octet_for_octet(string why, string fields, string inReplyTo, string told)
    {
        Assert.NotEmpty(why);
        string reply = await _gateway.SendAsync(Mails.Request(Mails.GetMonth, id: null, fields: fields), "calendar@localhost");
        Assert.Equal($"250 2.0.0 accepted id={told}", reply);
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the answer");
        Assert.Equal(inReplyTo, answer.InReplyTo);
        Assert.Contains(inReplyTo, answer.Field("References"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_an_id_gets_one_and_learns_it_from_the_250()
    {
        string reply = await _gateway.SendAsync(Mails.Request(Mails.GetMonth, id: null), "calendar@localhost");
        string told = Told().Match(reply).Groups[1].Value;
        Assert.NotEmpty(told);
        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the answer");
        Assert.Equal(told, answer.InReplyTo);
        Assert.Equal(told, answer.Field("References"));
    }

    public static TheoryData<string, string, bool> LongIds => new()
    {
        { "what a reply line holds", $"<{new string('x', 380)}@branch.example>", true },
        { "what a header line holds and a reply line does not", $"<{new string('x', 900)}@branch.example>", true },
        { "what a reply line may not hold", "<\u00fc@branch.example>", true },
        { "what no line holds", $"<{new string('x', 1_500)}@branch.example>", false },
        { "60 KB", $"<{new string('x', 60_000)}@branch.example>", false },
        { "60 KB in pieces", $"<{string.Concat(Enumerable.Repeat($"{new string('x', 500)}\n ", 120))}@branch.example>", false },
    };

    [Theory]
    [MemberData(nameof(LongIds))]
    public async Task The_id_that_the_250_tells_is_in_every_answer_and_the_requests_own_as_long_as_a_line_holds_it(string why, string id, bool isEchoed)
    {
        string reply = await _gateway.SendAsync(Mails.Request(Mails.GetMonth, id: null, fields: $"Message-ID: {id}\n"), "calendar@localhost");
        string told = Told().Match(reply).Groups[1].Value;

        var answer = await _gateway.Smarthost.MailAsync(_ => true, "the answer");

        Assert.True(answer.InReplyTo!.Length == (isEchoed ? System.Text.Encoding.UTF8.GetByteCount(id) : told.Length), why);
        Assert.True(isEchoed || answer.InReplyTo == told, why);
        Assert.True(answer.InReplyTo == told || answer.Field("References")!.Split(' ')[^1] == told, why);
        Assert.All(answer.Text.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.IsType<Relay.Wire.Mime.MimeReadResult.Read>(Relay.Wire.Mime.MimeReader.Read(answer.Content, Relay.Wire.Mime.MimeLimits.Default));
    }

    [Fact]
    public async Task The_answer_has_the_fields_of_the_contract()
    {
        var answer = await _gateway.AskAsync(Mails.GetMonth, "1@branch.example", "calendar@localhost");
        Assert.Equal("", answer.Sender);
        Assert.Equal("app@branch.example", answer.Recipient);
        Assert.Contains("calendar@localhost", answer.Field("From"), StringComparison.Ordinal);
        Assert.Contains("app@branch.example", answer.Field("To"), StringComparison.Ordinal);
        Assert.Equal("Re: Test", answer.Subject);
        Assert.Equal("auto-replied", answer.Field("Auto-Submitted"));
        Assert.Equal("All", Assert.Single(answer.AllFields("X-Auto-Response-Suppress")));
        Assert.Equal("base64", answer.Field("Content-Transfer-Encoding"));
        Assert.StartsWith("text/xml", answer.Field("Content-Type"), StringComparison.Ordinal);
        Assert.Matches("^<[^ <>]+@localhost>$", answer.MessageId);
        Assert.NotNull(answer.Field("Date"));
    }

    [Fact]
    public async Task Three_requests_at_once_are_each_answered_once()
    {
        await Task.WhenAll(Enumerable.Range(1, 3).Select(i =>
            _gateway.AskAsync($"<getMonth><year>2026</year><month>{i}</month></getMonth>", $"{i}@branch.example", "calendar@localhost")));
        await _gateway.SettledAsync();
        Assert.Equal(3, _gateway.Smarthost.Mails.Count);
    }

    [Fact]
    public async Task One_mail_to_two_services_is_one_request_a_service()
    {
        await _gateway.SendAsync(Mails.Request(Mails.GetMonth, "both@branch.example"), "ews@localhost,calendar@localhost");
        var answers = await _gateway.Smarthost.MailsAsync(2);
        Assert.Contains(answers, answer => answer.Operation().Name.LocalName == "getMonthResponse");
        Assert.Contains(answers, answer => answer.Operation().Name.LocalName == "Fault");
    }

    [GeneratedRegex("id=(<[^>]+>)$")]
    private static partial Regex Told();
}
