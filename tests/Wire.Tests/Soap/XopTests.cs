using System.Text;
using System.Xml.Linq;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;
using Relay.Wire.Tests.Mime;

namespace Relay.Wire.Tests.Soap;

public sealed class XopTests
{
    private const string Include = "<x:Include xmlns:x='http://www.w3.org/2004/08/xop/include' href='cid:1%402'/>";

    [Fact]
    public void An_include_is_replaced_by_its_part()
    {
        var envelope = Assert.IsType<SoapReadResult.Read>(Read($"<a>{Include}</a>")).Envelope;
        Assert.Equal("aGVsbG8=", envelope.Body?.Value);
        Assert.Contains("aGVsbG8=", envelope.Xml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("much", "<a><b>aGVsbG8=</b><c>aGVsbG8=</c></a>", 7, 1)]
    [InlineData("no more than is allowed", "<a><b>aGVsbG8=</b></a>", 8, 0)]
    [InlineData("together it is more", "<a><b>aGVs</b><b>aGVs</b></a>", 7, 2)]
    [InlineData("what is no base64 stays", "<a><b>not base64!</b></a>", 0, 0)]
    [InlineData("what is empty stays", "<a><b/></a>", 0, 0)]
    [InlineData("what has children stays", "<a><b><b>aGVs</b></b></a>", 0, 1)]
    public void Binary_content_is_taken_out_where_there_is_much_and_can_be_put_back(string why, string body, int above, int parts)
    {
        var root = XElement.Parse(body);
        var taken = XopPackage.Extract(root, element => element.Name == "b", above, "unique");
        Assert.True(taken.Count == parts, why);
        Assert.Equal(parts, taken.Select(part => part.ContentId).Distinct().Count());
        var mail = MailBinding.Compose(new SoapMail
        {
            From = Address("ews@localhost"),
            To = Address("app@localhost"),
            Subject = "x",
            MessageId = "<1@localhost>",
            Date = DateTimeOffset.UnixEpoch,
            AutoSubmitted = "auto-replied",
            MediaType = "text/xml",
            IsXop = true,
            Attachments = taken,
            Envelope = SoapWriter.Write(SoapVersion.Soap11, [], root),
        });
        var found = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(
            Assert.IsType<MimeReadResult.Read>(MimeReader.Read(mail, MimeLimits.Default)).Root, MimeLimits.Default));
        var read = Assert.IsType<SoapReadResult.Read>(SoapReader.Read(found.Request, SoapLimits.Default, MimeLimits.Default)).Envelope;
        Assert.Equal(XElement.Parse(body).ToString(), read.Body!.ToString());
    }

    [Theory]
    [InlineData("another URL", "<a><x:Include xmlns:x='http://www.w3.org/2004/08/xop/include' href='http://x.example/'/></a>", "no part of the mail")]
    [InlineData("a file", "<a><x:Include xmlns:x='http://www.w3.org/2004/08/xop/include' href='file:///etc/passwd'/></a>", "no part of the mail")]
    [InlineData("no href", "<a><x:Include xmlns:x='http://www.w3.org/2004/08/xop/include'/></a>", "no part of the mail")]
    [InlineData("a part that is not there", "<a><x:Include xmlns:x='http://www.w3.org/2004/08/xop/include' href='cid:9'/></a>", "not in the mail")]
    [InlineData("beside text", "<a>b" + Include + "</a>", "beside other content")]
    [InlineData("beside an element", "<a><b/>" + Include + "</a>", "beside other content")]
    public void Other_includes_are_the_senders_fault(string why, string body, string says)
    {
        var faulted = Assert.IsType<SoapReadResult.Faulted>(Read(body));
        Assert.True(faulted.Fault.Code == SoapFaultCode.Client && faulted.Fault.Reason.Contains(says, StringComparison.Ordinal), why);
    }

    [Fact]
    public void One_part_included_often_meets_the_limit()
    {
        var body = "<a>" + string.Concat(Enumerable.Repeat($"<b>{Include}</b>", 1000)) + "</a>";
        var faulted = Assert.IsType<SoapReadResult.Faulted>(Read(body, MimeLimits.Default with { MaxDecodedBytes = 1000 }));
        Assert.Contains("too large", faulted.Fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_is_written_and_read()
    {
        var body = new XElement("a", XopPackage.Include("1@gateway.example"));
        var mail = new SoapMail
        {
            From = Address("ews@gateway.example"),
            To = Address("app@branch.example"),
            Subject = "x",
            MessageId = "<1@gateway.example>",
            Date = DateTimeOffset.UnixEpoch,
            AutoSubmitted = "auto-replied",
            MediaType = "application/soap+xml",
            Action = "urn:a",
            IsXop = true,
            Envelope = SoapWriter.Write(SoapVersion.Soap12, [], body),
            Attachments = [new SoapAttachment("1@gateway.example", "application/octet-stream", Encoding.ASCII.GetBytes("hello"))],
        };
        var read = Mails.Read(MailBinding.Compose(mail));
        Assert.Equal("application/xop+xml", read.ContentType.Parameters["type"]);
        Assert.Equal("application/soap+xml", read.ContentType.Parameters["start-info"]);
        var request = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(read, MimeLimits.Default)).Request;
        Assert.Equal("urn:a", request.Action);
        var result = Assert.IsType<SoapReadResult.Read>(SoapReader.Read(request, SoapLimits.Default, MimeLimits.Default));
        Assert.Equal("aGVsbG8=", result.Envelope.Body?.Value);
    }

    private static SoapReadResult Read(string body, MimeLimits? limits = null)
    {
        var mail = Mails.Read($"""
            Content-Type: multipart/related; type="application/xop+xml"; start="<root>"; boundary=b

            --b
            Content-Type: application/xop+xml; type="text/xml"
            Content-ID: <root>

            <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{body}</e:Body></e:Envelope>
            --b
            Content-ID: <1@2>

            hello
            --b--
            """);
        var request = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(mail, MimeLimits.Default)).Request;
        return SoapReader.Read(request, SoapLimits.Default, limits ?? MimeLimits.Default);
    }

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
