using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Wire.Tests.Mime;

public sealed class HeaderValueTests
{
    [Theory]
    [InlineData("bare", "a@b.example", "|a@b.example")]
    [InlineData("a name", "Jo Op <a@b.example>", "Jo Op|a@b.example")]
    [InlineData("a quoted name with a comma", "\"Op, Jo\" <a@b.example>", "Op, Jo|a@b.example")]
    [InlineData("several", "a@b.example, C <c@d.example>", "|a@b.example;C|c@d.example")]
    [InlineData("a group", "friends: a@b.example, c@d.example;", "|a@b.example;|c@d.example")]
    [InlineData("an empty group", "undisclosed-recipients:;", "")]
    [InlineData("comments", "a@b.example (Jo (x))", "|a@b.example")]
    [InlineData("an encoded name", "=?UTF-8?Q?J=C3=B6?= <a@b.example>", "J\u00f6|a@b.example")]
    [InlineData("an address in the name is no address", "=?utf-8?q?ceo=40bank?= <evil@x.example>", "ceo@bank|evil@x.example")]
    [InlineData("an address quoted in the name is no address", "\"ceo@bank.example\" <evil@x.example>", "ceo@bank.example|evil@x.example")]
    [InlineData("a route", "<@relay.example:a@b.example>", "|a@b.example")]
    [InlineData("spaces around the at sign", "a @ b.example", "|a@b.example")]
    [InlineData("a quoted local part", "\"a b\"@b.example", "|\"a b\"@b.example")]
    [InlineData("brackets twice: the first count", "<a@b.example> <c@d.example>", "|a@b.example")]
    [InlineData("nothing", "", "")]
    [InlineData("no address", "Jo Operator", "")]
    [InlineData("two addresses without a comma are none", "a@b.example c@d.example", "")]
    public void Addresses_are_read(string why, string value, string expected)
    {
        var read = AddressList.Parse(value).Select(mailbox => mailbox.DisplayName + "|" + mailbox.Address);
        Assert.True(expected == string.Join(';', read), why);
    }

    [Theory]
    [InlineData("plain", "abc", "abc")]
    [InlineData("Q", "=?utf-8?Q?f=C3=BCr_Auftrag?=", "f\u00fcr Auftrag")]
    [InlineData("B, any case", "=?ISO-8859-1?b?ZvxyIDQy?=", "f\u00fcr 42")]
    [InlineData("spaces between two words vanish", "=?utf-8?q?a?= \t=?utf-8?q?b?=", "ab")]
    [InlineData("spaces beside text stay", "x =?utf-8?q?a?= y", "x a y")]
    [InlineData("a language", "=?utf-8*de?q?a?=", "a")]
    [InlineData("an unknown charset is read as UTF-8", "=?x-none?q?a?=", "a")]
    [InlineData("no word after all", "=?utf-8?q?a", "=?utf-8?q?a")]
    [InlineData("an unknown encoding stays", "=?utf-8?x?a?=", "=?utf-8?x?a?=")]
    [InlineData("broken base64 stays", "=?utf-8?b?***?=", "=?utf-8?b?***?=")]
    [InlineData("octets in UTF-8", "f\u00c3\u00bcr", "f\u00fcr")]
    [InlineData("octets in Latin-1", "f\u00fcr", "f\u00fcr")]
    public void Encoded_words_are_decoded(string why, string raw, string expected) => Assert.True(expected == EncodedWord.Decode(raw), why);

    [Fact]
    public void Encoded_words_stay_short_and_come_back()
    {
        var text = string.Concat(Enumerable.Repeat("Gr\u00fc\u00dfe \u20ac \U0001F4E7 ", 30));
        var encoded = EncodedWord.Encode(text);
        Assert.All(encoded.Split(' '), word => Assert.True(word.Length <= 75));
        Assert.Equal(text, EncodedWord.Decode(encoded));
    }

    [Theory]
    [InlineData("usual", "Sat, 21 Nov 2026 18:00:00 +0100", "2026-11-21T18:00:00+01:00")]
    [InlineData("no weekday, no seconds", "21 Nov 2026 18:00 -0500", "2026-11-21T18:00:00-05:00")]
    [InlineData("a comment", "Sat, 21 Nov 2026 17:32:10 +0000 (UTC)", "2026-11-21T17:32:10+00:00")]
    [InlineData("the example of the SOAP primer", "Thu, 29 Nov 2001 13:20:00 EST", "2001-11-29T13:20:00-05:00")]
    [InlineData("two digits", "29 Nov 01 13:20:00 GMT", "2001-11-29T13:20:00+00:00")]
    [InlineData("no zone", "29 Nov 2001 13:20:00", "2001-11-29T13:20:00+00:00")]
    [InlineData("no such day", "30 Feb 2001 13:20:00 GMT", null)]
    [InlineData("no such hour", "3 Feb 2001 25:20:00 GMT", null)]
    [InlineData("no date", "tomorrow", null)]
    public void Dates_are_read(string why, string text, string? expected)
    {
        var read = MailDate.TryParse(text, out var date) ? date.ToString("yyyy-MM-ddTHH:mm:sszzz", null) : null;
        Assert.True(expected == read, why);
    }

    [Fact]
    public void Dates_are_written_as_mail_has_them() =>
        Assert.Equal("Sat, 21 Nov 2026 18:00:00 +0100", MailDate.Format(new DateTimeOffset(2026, 11, 21, 18, 0, 0, TimeSpan.FromHours(1))));

    [Theory]
    [InlineData("usual", "<a@b> <c@d>", "<a@b>|<c@d>")]
    [InlineData("a comment", "<a@b> (your mail)", "<a@b>")]
    [InlineData("without brackets", "2", "2")]
    [InlineData("mixed", "<0@x> 2", "<0@x>|2")]
    [InlineData("commas", "<a@b>,<c@d>", "<a@b>|<c@d>")]
    [InlineData("a space within brackets", "<a b@c>", "<a b@c>")]
    [InlineData("a bracket never closed", "<a@b", "<a@b")]
    [InlineData("nothing", null, "")]
    public void Ids_are_listed(string why, string? value, string expected) =>
        Assert.True(expected == string.Join('|', MessageId.ParseList(value)), why);

    [Theory]
    [InlineData("usual", "mailto:a@b.example", "a@b.example")]
    [InlineData("a subject", "MAILTO:a@b.example?subject=x", "a@b.example")]
    [InlineData("percent", "mailto:a%2Bb@c.example", "a+b@c.example")]
    [InlineData("two addresses", "mailto:a@b.example,c@d.example", null)]
    [InlineData("cc", "mailto:a@b.example?cc=c@d.example", null)]
    [InlineData("a subject and cc", "mailto:a@b.example?subject=x&cc=c@d.example", null)]
    [InlineData("a line end", "mailto:a@b.example%0d%0aBcc:c@d.example", null)]
    [InlineData("http", "http://b.example/", null)]
    public void Mailto_addresses_are_read(string why, string uri, string? expected)
    {
        var read = MailtoUri.TryParse(uri, out MailAddress? address) ? address.ToString() : null;
        Assert.True(expected == read, why);
    }

    [Theory]
    [InlineData("nothing special", "X: y", MailKind.Request)]
    [InlineData("no is no", "Auto-Submitted: no", MailKind.Request)]
    [InlineData("no with a comment", "Auto-Submitted: No (really)", MailKind.Request)]
    [InlineData("replied", "auto-submitted: Auto-Replied; owner=x", MailKind.AutoReply)]
    [InlineData("generated", "Auto-Submitted: auto-generated", MailKind.AutoGenerated)]
    [InlineData("unknown words count as automatic", "Auto-Submitted: auto-notified", MailKind.AutoReply)]
    [InlineData("a list", "List-Id: <x.example>", MailKind.List)]
    [InlineData("bulk in odd case", "PRECEDENCE: Bulk", MailKind.List)]
    [InlineData("a bounce", "Content-Type: multipart/report; report-type=delivery-status; boundary=b", MailKind.Bounce)]
    [InlineData("a receipt", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b", MailKind.Report)]
    [InlineData("a request to others is no mark", "X-Auto-Response-Suppress: All", MailKind.Request)]
    public void Mails_are_classified(string why, string field, MailKind expected)
    {
        Assert.True(expected == MailClassifier.Classify(hasNullReversePath: false, Mails.Read(field + "\n\n").Headers).Kind, why);
    }

    [Fact]
    public void The_null_reverse_path_is_answered_by_nobody()
    {
        var mail = Mails.Read("From: a@b.example\n\n");
        Assert.Equal(MailKind.NullSender, MailClassifier.Classify(hasNullReversePath: true, mail.Headers).Kind);
        Assert.Equal(MailKind.Request, MailClassifier.Classify(hasNullReversePath: false, mail.Headers).Kind);
    }
}
