using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Wire.Tests.Smtp;

public sealed class SmtpCommandReaderTests
{
    private const SmtpExtensions All = SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn | SmtpExtensions.Auth;

    [Fact]
    public void Mail_with_every_parameter()
    {
        var mail = Assert.IsType<SmtpCommand.Mail>(Read("MAIL FROM:<a@c> SIZE=123 BODY=8BITMIME SMTPUTF8 RET=full ENVID=a+2Bb AUTH=<>"));
        var parameters = mail.Parameters;
        Assert.Equal("a@c", parameters.ReversePath?.ToString());
        Assert.Equal((123L, true, true, "a+b", "FULL"), (parameters.Size, parameters.EightBit, parameters.SmtpUtf8, parameters.EnvelopeId, parameters.Ret));
    }

    [Fact]
    public void Recipient_with_every_parameter()
    {
        var recipient = Assert.IsType<SmtpCommand.Recipient>(Read("RCPT TO:<@x,@y:\"a b\"@c> NOTIFY=success,delay ORCPT=rfc822;a+40b"));
        Assert.Equal("\"a b\"@c", recipient.Parameters.Address.ToString());
        Assert.Equal(("SUCCESS,DELAY", "rfc822;a@b"), (recipient.Parameters.Notify, recipient.Parameters.OriginalRecipient));
    }

    [Theory]
    [InlineData("nothing asked for", "MAIL FROM:<>", null)]
    [InlineData("a size", "MAIL FROM:<> SIZE=0", 0L)]
    [InlineData("20 digits do not fit a long, and are too many for anybody", "MAIL FROM:<> SIZE=99999999999999999999", long.MaxValue)]
    public void Sizes(string why, string line, long? size) => Assert.True(size == Assert.IsType<SmtpCommand.Mail>(Read(line)).Parameters.Size, why);

    [Theory]
    [InlineData("RFC 3030 2: a chunk", "BDAT 10", 10L, false)]
    [InlineData("the last one", "BDAT 0 last", 0L, true)]
    public void Chunks(string why, string line, long length, bool isLast) =>
        Assert.True(Read(line) == new SmtpCommand.Chunk(length, isLast), why);

    [Theory]
    [InlineData("no number", "BDAT")]
    [InlineData("a sign", "BDAT -1")]
    [InlineData("more than fits", "BDAT 99999999999999999999")]
    [InlineData("another word", "BDAT 5 FIRST")]
    public void Chunks_without_a_length_end_the_session(string why, string line) =>
        Assert.True(Read(line) is SmtpCommand.Refused { Reply: { Code: 501, ClosesConnection: true } }, why);

    [Theory]
    [InlineData("a tab for a blank", "BDAT\t6 LAST")]
    [InlineData("a control character", "bdat 6\u0001")]
    [InlineData("no blank", "BDAT6 LAST")]
    [InlineData("a blank before it", " \tBdat 6")]
    public void Whatever_is_wrong_with_a_chunk_ends_the_session(string why, string line) =>
        Assert.True(Read(line) is SmtpCommand.Refused { Reply: { Code: 500, ClosesConnection: true } }, why);

    [Theory]
    [InlineData("xtext", "rfc822;a+40b", "rfc822;a@b", false)]
    [InlineData("nothing behind the type", "rfc822;", "rfc822;", false)]
    [InlineData("RFC 6533 3: beyond ASCII, as it is", "utf-8;j\u00f6rg@x", "utf-8;j\u00f6rg@x", true)]
    [InlineData("beyond 16 bits", "UTF-8;\U0001f4e7@x", "UTF-8;\U0001f4e7@x", true)]
    [InlineData("RFC 6533 3: encoded", "utf-8;j\\x{F6}rg@x", "utf-8;j\\x{F6}rg@x", false)]
    public void Original_recipients(string why, string value, string read, bool needsSmtpUtf8)
    {
        var recipient = Assert.IsType<SmtpCommand.Recipient>(Read($"RCPT TO:<a@c> ORCPT={value}")).Parameters;
        Assert.Equal((why, read, needsSmtpUtf8), (why, recipient.OriginalRecipient, recipient.NeedsSmtpUtf8));
    }

    [Theory]
    [InlineData("beyond ASCII in another type", "rfc822;j\u00f6rg@x")]
    [InlineData("a control character", "utf-8;a\u0085b")]
    [InlineData("no type", ";x")]
    [InlineData("RFC 3461 4.2: the type is an atom", "<b>;x")]
    [InlineData("a type in quotes", "\"a\";x")]
    [InlineData("a type beyond ASCII", "\u00fctf;x")]
    [InlineData("an equals sign", "a=b;x")]
    public void Original_recipients_that_are_wrong(string why, string value) =>
        Assert.True(Read($"RCPT TO:<a@c> ORCPT={value}") is SmtpCommand.Refused { Reply.Code: 501 }, why);

    [Theory]
    [InlineData("RFC 4954 5: no value", "AUTH")]
    [InlineData("an empty one", "AUTH=")]
    public void Auth_parameters_that_are_wrong(string why, string parameter) =>
        Assert.True(Read($"MAIL FROM:<> {parameter}") is SmtpCommand.Refused { Reply.Code: 501 }, why);

    [Theory]
    [InlineData("a form that a page sends", "POST / HTTP/1.1")]
    [InlineData("any case", "get /")]
    [InlineData("nothing behind the method", "OPTIONS")]
    [InlineData("HTTP/2", "PRI * HTTP/2.0")]
    [InlineData("a header field", "Host: mx.example")]
    [InlineData("a header field without a blank", "sec-ch-ua:\"x\"")]
    [InlineData("a tab", "Accept:\t*/*")]
    public void Other_protocols_end_the_session(string why, string line) =>
        Assert.True(Read(line) is SmtpCommand.Refused { Verb: SmtpVerb.None, Reply: { Code: 421, ClosesConnection: true } }, why);

    [Theory]
    [InlineData("no method, but a word that begins with one", "GETS x")]
    [InlineData("no name before the colon", ": x")]
    [InlineData("a blank within the name", "a b: c")]
    [InlineData("nothing at all", "")]
    public void Unknown_words_do_not(string why, string line) =>
        Assert.True(Read(line) is SmtpCommand.Refused { Reply: { Code: 500, ClosesConnection: false } }, why);

    [Fact]
    public void Parameters_of_what_is_not_offered_are_not_recognised()
    {
        foreach (var parameter in new[] { "SIZE=1", "BODY=7BIT", "SMTPUTF8", "RET=FULL", "ENVID=a", "AUTH=<>" })
        {
            var refused = Assert.IsType<SmtpCommand.Refused>(SmtpCommandReader.Read(Encoding.ASCII.GetBytes($"MAIL FROM:<> {parameter}"), SmtpExtensions.None));
            Assert.Equal((555, SmtpVerb.Mail), (refused.Reply.Code, refused.Verb));
        }
    }

    [Fact]
    public void Every_prefix_of_a_command_is_refused_or_another_command()
    {
        const string line = "RCPT TO:<\"a b\"@c.example> NOTIFY=NEVER";
        var address = "RCPT TO:<\"a b\"@c.example>".Length;
        for (var length = 0; length < line.Length; length++)
        {
            var isWhole = length == address || length == address + 1;
            Assert.Equal(isWhole, Read(line[..length]) is not SmtpCommand.Refused);
        }
    }

    private static SmtpCommand Read(string line) => SmtpCommandReader.Read(Encoding.UTF8.GetBytes(line), All);
}
