using System.Text;
using Relay.Wire.Mime;

namespace Relay.Wire.Tests.Mime;

public sealed class MimeReaderTests
{
    [Theory]
    [InlineData("no field", "", "a=3Db", "a=3Db")]
    [InlineData("7bit", "7bit", "a=3Db", "a=3Db")]
    [InlineData("unknown names are read as they stand", "x-token", "a=3Db", "a=3Db")]
    [InlineData("quoted-printable", "quoted-printable", "a=3Db", "a=b")]
    [InlineData("any case, a comment", "Quoted-Printable (yes)", "a=3Db", "a=b")]
    [InlineData("soft line end", "quoted-printable", "a=\nb", "ab")]
    [InlineData("soft line end with spaces", "quoted-printable", "a= \t\nb", "ab")]
    [InlineData("spaces at a line's end", "quoted-printable", "a \t\nb", "a\r\nb")]
    [InlineData("an encoded space at a line's end", "quoted-printable", "a=20\nb", "a \r\nb")]
    [InlineData("lower case digits", "quoted-printable", "a=3db", "a=b")]
    [InlineData("an escape that is none stays", "quoted-printable", "<a b=\"x\"/>=zz", "<a b=\"x\"/>=zz")]
    [InlineData("a dangling equals sign", "quoted-printable", "ab=", "ab")]
    [InlineData("half an escape at the end", "quoted-printable", "ab=3", "ab=3")]
    [InlineData("base64", "base64", "YWJj", "abc")]
    [InlineData("lines of any length", "base64", "Y\nWJ\n\nj", "abc")]
    [InlineData("spaces and tabs", "base64", " YW\tJj ", "abc")]
    [InlineData("missing padding", "base64", "YWI", "ab")]
    [InlineData("half the padding", "base64", "YQ=", "a")]
    [InlineData("padding", "base64", "YQ==\n", "a")]
    [InlineData("empty", "base64", "", "")]
    [InlineData("the first of two fields counts", "base64\nContent-Transfer-Encoding: 7bit", "YWJj", "abc")]
    public void Transfer_encodings_are_undone(string why, string encoding, string body, string expected)
    {
        var field = encoding.Length == 0 ? "X: y" : "Content-Transfer-Encoding: " + encoding;
        Assert.True(expected == Mails.Body(Mails.Read(field + "\n\n" + body)), why);
    }

    [Theory]
    [InlineData("another character", "YW*Jj")]
    [InlineData("text behind the padding", "YQ==\nThis list is run by")]
    [InlineData("a footer", "YWJj\n_______________\n")]
    [InlineData("one character", "Y")]
    public void Garbage_in_base64_is_refused(string why, string body)
    {
        var mail = Mails.Read("Content-Transfer-Encoding: base64\n\n" + body);
        var refused = Assert.IsType<MimeDecodeResult.Refused>(mail.Decode(MimeLimits.Default));
        Assert.True(refused.Fault.Kind == MimeFaultKind.BadBase64, why);
    }

    [Fact]
    public void Parts_are_cut_without_the_line_end_before_the_delimiter()
    {
        var mail = Mails.Read("""
            Content-Type: multipart/mixed; boundary=b

            preamble
            --b
            Content-Type: text/plain

            one
            --b  
            X: y

            two

            --b--
            epilogue
            """);
        Assert.Equal(["one", "two\r\n"], mail.Parts.Select(Mails.Body));
    }

    [Theory]
    [InlineData("not closed", "--b\n\none\n--b\n\ntwo", 2)]
    [InlineData("a longer boundary is another", "--b\n\none\n--bb\n\nstill\n--b--", 1)]
    [InlineData("within a line it is text", "--b\n\none --b\n--b--", 1)]
    [InlineData("none at all", "text", 0)]
    [InlineData("an empty part", "--b\n--b--", 1)]
    public void Delimiters_are_lines(string why, string body, int parts) =>
        Assert.True(parts == Mails.Read("Content-Type: multipart/mixed; boundary=b\n\n" + body).Parts.Count, why);

    [Fact]
    public void Bare_line_feeds_are_line_ends_in_a_stored_mail()
    {
        var mail = Mails.Read(Encoding.Latin1.GetBytes("Content-Type: multipart/mixed; boundary=b\n\n--b\nX: y\n\none\n--b--\n"));
        Assert.Equal("one", Mails.Body(Assert.Single(mail.Parts)));
    }

    [Fact]
    public void A_mail_inside_the_mail_stays_closed()
    {
        var mail = Mails.Read("Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--");
        Assert.Empty(mail.Parts);
    }

    [Theory]
    [InlineData("depth", 9, 1, MimeFaultKind.TooDeep)]
    [InlineData("parts", 1, 101, MimeFaultKind.TooManyParts)]
    public void Limits_are_kept(string why, int depth, int parts, MimeFaultKind expected)
    {
        Assert.True(expected == Mails.Fault(Nested(depth, parts)), why);
        Assert.IsType<MimeReadResult.Read>(MimeReader.Read(Mails.Octets(Nested(8, 90)), MimeLimits.Default));
    }

    [Theory]
    [InlineData("one long line", 1, 70_000, MimeFaultKind.HeaderTooLong)]
    [InlineData("many fields", 201, 10, MimeFaultKind.TooManyFields)]
    public void Headers_are_limited(string why, int fields, int length, MimeFaultKind expected)
    {
        var header = string.Concat(Enumerable.Repeat("X: " + new string('x', length) + "\n", fields));
        Assert.True(expected == Mails.Fault(header + "\nbody"), why);
    }

    private static string Nested(int depth, int parts)
    {
        var mail = string.Concat(Enumerable.Range(1, depth).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}x\n\n--b{i}x\n"));
        return mail + "\nx\n" + string.Concat(Enumerable.Repeat($"--b{depth}x\n\nx\n", parts));
    }
}
