using Relay.Wire.Mime;

namespace Relay.Wire.Tests.Mime;

public sealed class HeaderFieldsTests
{
    [Theory]
    [InlineData("names in any case", "SUBJECT: x", "Subject", "x")]
    [InlineData("space before the colon", "Subject : x", "Subject", "x")]
    [InlineData("no space after the colon", "Subject:x", "Subject", "x")]
    [InlineData("folded with a space", "Subject: a\n b", "Subject", "a b")]
    [InlineData("folded with a tab", "Subject: a\n\tb", "Subject", "a\tb")]
    [InlineData("value on the next line only", "Subject:\n a", "Subject", "a")]
    [InlineData("a continuation of spaces is nothing", "Subject: a\n   \nTo: b", "Subject", "a")]
    [InlineData("octets beyond ASCII are kept", "Subject: \u00e9", "Subject", "\u00e9")]
    [InlineData("an mbox line before the header", "From a@b.example Sat Nov 21 18:00:00 2026\nSubject: x", "Subject", "x")]
    [InlineData("an mbox line escaped within it", "To: a\n>From a@b.example\nSubject: x", "Subject", "x")]
    [InlineData("an empty value", "Bcc:\nSubject: x", "Bcc", "")]
    [InlineData("absent", "Subject: x", "To", null)]
    public void Fields_are_read(string why, string header, string name, string? expected)
    {
        var mail = Mails.Read(header + "\n\nbody");
        Assert.True(mail.Headers.Text(name) == expected, why);
    }

    [Fact]
    public void Order_and_repetition_are_kept()
    {
        var fields = Mails.Read("Received: 1\nX: 2\nreceived: 3\n\n").Headers;
        Assert.Equal(["1", "3"], fields.All("Received").Select(field => field.Unfolded));
        Assert.Equal(["Received", "X", "received"], fields.Select(field => field.Name));
        Assert.Equal(2, fields.CountOf("RECEIVED"));
    }

    [Theory]
    [InlineData("neither field nor continuation", "Subject: x\nwhat is this\nTo: y\n\n", MimeFaultKind.BadHeader)]
    [InlineData("a name beyond ASCII", "Subject: x\nS\u00fcbject: y\n\n", MimeFaultKind.BadHeader)]
    [InlineData("a NUL", "Subject: x\0\n\n", MimeFaultKind.BadHeader)]
    [InlineData("two authors", "From: a@b.example\nFrom: c@d.example\n\n", MimeFaultKind.RepeatedField)]
    [InlineData("two ids", "Message-ID: <1@a>\nMessage-ID: <2@a>\n\n", MimeFaultKind.RepeatedField)]
    [InlineData("two types", "Content-Type: text/xml\nContent-Type: text/plain\n\n", MimeFaultKind.RepeatedField)]
    public void Bad_headers_are_refused(string why, string mail, MimeFaultKind expected) => Assert.True(expected == Mails.Fault(mail), why);

    [Fact]
    public void The_same_id_twice_is_one_id() => Assert.Equal("<1@a>", MessageId.RawOf(Mails.Read("Message-ID: <1@a>\nMessage-ID: <1@a>\n\n").Headers));

    [Fact]
    public void A_mail_that_is_nothing_but_an_envelope_has_no_header()
    {
        var mail = Mails.Read("<?xml version='1.0'?>\n<a/>");
        Assert.Empty(mail.Headers);
        Assert.Equal("<?xml version='1.0'?>\r\n<a/>", Mails.Body(mail));
    }

    [Theory]
    [InlineData("a line that is no field", "junk\n")]
    [InlineData("too many fields", "X: y\n")]
    [InlineData("too many octets", "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n y\n")]
    public void A_refused_header_keeps_the_fields_before_the_fault(string why, string line)
    {
        var lines = string.Concat(Enumerable.Repeat(line, 1000));
        var limits = MimeLimits.Default with { MaxFields = line.Length > 50 ? 10_000 : 200 };
        var refused = Assert.IsType<MimeReadResult.Refused>(MimeReader.Read(Mails.Octets("From: a@b.example\n" + lines + "\n"), limits));
        Assert.True(refused.Headers.Text("From") == "a@b.example" && refused.Headers.Text("To") is null, why);
        Assert.Equal(refused.Headers.Count, refused.Headers.Count(field => field.Name.Length > 0));
    }
}
