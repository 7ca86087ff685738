using System.Diagnostics;
using Relay.Wire.Mime;
using Relay.Wire.Soap;
using Relay.Wire.Tests.Mime;

namespace Relay.Wire.Tests.Soap;

/// <summary>SOAP Messages with Attachments: values that lie in other parts.</summary>
public sealed class SwaTests
{
    [Theory]
    [InlineData("text is text", "<a href='cid:text@p'/>", "Grüße\n")]
    [InlineData("text loses what XML has no place for", "<a href='cid:control@p'/>", "ab")]
    [InlineData("anything else is base64", "<a href='cid:octets@p'/>", "aGVsbG8=")]
    [InlineData("the id is percent-encoded", "<a href='CID:text%40p'/>", "Grüße\n")]
    [InlineData("a place in the document is not ours to follow", "<a href='#id0'/>", "")]
    [InlineData("nothing is fetched by http", "<a href='http://127.0.0.1:1/x'/>", "")]
    [InlineData("nothing is read from a file", "<a href='file:///etc/hostname'/>", "")]
    [InlineData("an element with content means what it says", "<a href='cid:text@p'>7</a>", "7")]
    public void A_reference_becomes_what_it_refers_to(string why, string body, string value)
    {
        Assert.NotEmpty(why);
        var envelope = Assert.IsType<SoapReadResult.Read>(Read(body)).Envelope;
        Assert.Equal(value, envelope.Body?.Value.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("in a package", true)]
    [InlineData("in a mail without parts", false)]
    public void A_part_that_is_not_there_is_the_senders_fault(string why, bool packaged)
    {
        var faulted = Assert.IsType<SoapReadResult.Faulted>(packaged ? Read("<a href='cid:9'/>") : Flat("<a href='cid:9'/>"));
        Assert.True(faulted.Fault.Code == SoapFaultCode.Client && faulted.Fault.Reason.Contains("not in the mail", StringComparison.Ordinal), why);
    }

    [Fact]
    public void An_include_in_a_mail_without_parts_is_the_senders_fault()
    {
        var faulted = Assert.IsType<SoapReadResult.Faulted>(Flat("<a><x:Include xmlns:x='http://www.w3.org/2004/08/xop/include' href='cid:9'/></a>"));
        Assert.Contains("not in the mail", faulted.Fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void One_part_referred_to_often_meets_the_limit_of_the_document()
    {
        var body = "<a>" + string.Concat(Enumerable.Repeat("<b href='cid:octets@p'/>", 1000)) + "</a>";
        var faulted = Assert.IsType<SoapReadResult.Faulted>(Read(body, SoapLimits.Default with { MaxCharacters = 30_000 }, 'x', 100));
        Assert.Contains("too large", faulted.Fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_part_that_decodes_to_nothing_is_decoded_once_however_often_it_is_referred_to()
    {
        var body = "<a>" + string.Concat(Enumerable.Repeat("<b href='cid:octets@p'/>", 50_000)) + "</a>";
        var started = Stopwatch.GetTimestamp();
        Assert.IsType<SoapReadResult.Read>(Read(body, null, ' ', 4_000_000, "Content-Transfer-Encoding: base64\n"));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20)); // each time anew it is minutes
    }

    private static SoapReadResult Read(string body, SoapLimits? limits = null, char filler = 'x', int fill = 0, string fields = "") => Read(
        $"""
        Content-Type: multipart/related; type="text/xml"; start="<root>"; boundary=b

        --b
        Content-Type: text/xml
        Content-ID: <root>

        {Envelope(body)}
        --b
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable
        Content-ID: <text@p>

        Gr=FC=DFe

        --b
        Content-Type: text/plain
        Content-Transfer-Encoding: quoted-printable
        Content-ID: <control@p>

        a=00=0Bb
        --b
        Content-Type: application/octet-stream
        {fields}Content-ID: <octets@p>

        {(fill == 0 ? "hello" : new string(filler, fill))}
        --b
        Content-Type: text/xml
        Content-ID: <unused@p>

        {Envelope("<unused/>")}
        --b--
        """,
        limits);

    private static SoapReadResult Flat(string body) => Read($"Content-Type: text/xml\n\n{Envelope(body)}\n", null);

    private static SoapReadResult Read(string mail, SoapLimits? limits)
    {
        var request = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(Mails.Read(mail), MimeLimits.Default)).Request;
        return SoapReader.Read(request, limits ?? SoapLimits.Default, MimeLimits.Default);
    }

    private static string Envelope(string body) =>
        $"<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>{body}</e:Body></e:Envelope>";
}
