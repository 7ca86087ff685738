using System.Text;
using Relay.Wire.Mime;
using Relay.Wire.Soap;
using Relay.Wire.Tests.Mime;

namespace Relay.Wire.Tests.Soap;

public sealed class MailBindingTests
{
    private const string Envelope = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><a/></s:Body></s:Envelope>";

    [Theory]
    [InlineData("no header at all", "", Envelope)]
    [InlineData("no type", "From: a@b.example", Envelope)]
    [InlineData("text/plain", "Content-Type: text/plain", Envelope)]
    [InlineData("text/html, whole", "Content-Type: text/html", Envelope)]
    [InlineData("octet-stream", "Content-Type: application/octet-stream", Envelope)]
    [InlineData("application/xml", "Content-Type: application/xml", Envelope)]
    [InlineData("+xml", "Content-Type: application/vnd.x+xml", Envelope)]
    [InlineData("empty lines before", "Content-Type: text/xml", "\n\n  " + Envelope)]
    [InlineData("a byte order mark", "Content-Type: text/xml", "\u00ef\u00bb\u00bf" + Envelope)]
    [InlineData("a note before, a signature after", "Content-Type: text/plain", "Hello,\n\n" + Envelope + "\n-- \nJo < jo@b.example >\n")]
    [InlineData("a list's footer", "Content-Type: text/xml", Envelope + "\n______\nlist@b.example")]
    public void The_envelope_is_found_in_a_single_part(string why, string header, string body) =>
        Assert.True(Envelope == Xml(Found(header + "\n\n" + body)), why);

    [Fact]
    public void The_declaration_is_kept_with_the_envelope()
    {
        var request = Found("\n\nhello\n<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n" + Envelope + " bye");
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>", Xml(request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("after a note", "mixed", "text/plain|hi;text/xml|E", SoapLayout.Mixed)]
    [InlineData("as octet-stream", "mixed", "text/plain|hi;application/octet-stream|E", SoapLayout.Mixed)]
    [InlineData("the first part of related", "related", "text/xml|E;image/png|x", SoapLayout.Related)]
    [InlineData("with its signature", "signed", "text/xml|E;application/pkcs7-signature|x", SoapLayout.Flat)]
    [InlineData("one branch of an alternative", "alternative", "text/plain|hi;text/xml|E", SoapLayout.Flat)]
    [InlineData("both branches of an alternative", "alternative", "text/plain|E;text/xml|E", SoapLayout.Flat)]
    public void The_envelope_is_found_among_parts(string why, string subtype, string parts, SoapLayout layout)
    {
        var request = Found(Multipart(subtype, parts));
        Assert.True(Envelope == Xml(request) && layout == request.Layout, why);
    }

    [Fact]
    public void Start_names_the_root_of_related()
    {
        var request = Found("Content-Type: multipart/related; boundary=b; start=\"<two@x>\"\n\n--b\nContent-ID: <one@x>\nContent-Type: text/xml\n\n"
            + "<other/>\n--b\nContent-ID: <two@x>\nContent-Type: text/xml\n\n" + Envelope + "\n--b--");
        Assert.Equal(Envelope, Xml(request));
        Assert.Equal("one@x", Assert.Single(request.Attachments).ContentId);
    }

    [Theory]
    [InlineData("two parts", "text/xml|E;application/xml|E", "part 1 (text/xml)", "part 2 (application/xml)")]
    [InlineData("two in one part", "text/plain|E and E", "envelope 1 of part 1 (text/plain)", "envelope 2 of part 1 (text/plain)")]
    public void Two_candidates_are_both_named(string why, string parts, string first, string second)
    {
        var result = MailBinding.Read(Mails.Read(Multipart("mixed", parts)), MimeLimits.Default);
        var ambiguous = Assert.IsType<SoapMailReadResult.Ambiguous>(result);
        Assert.True((first, second) == (ambiguous.First, ambiguous.Second), why);
    }

    [Theory]
    [InlineData("a person's mail", "Content-Type: text/plain\n\nHello there")]
    [InlineData("a page", "Content-Type: text/html\n\n<html><body>Hello</body></html>")]
    [InlineData("a forwarded mail", "Content-Type: message/rfc822\n\nX: y\n\n" + Envelope)]
    [InlineData("a picture", "Content-Type: image/png\n\n" + Envelope)]
    [InlineData("a part of a message", "Content-Type: message/partial; number=1; total=2; id=x\n\n" + Envelope)]
    public void Elsewhere_no_envelope_is_looked_for(string why, string mail) =>
        Assert.True(MailBinding.Read(Mails.Read(mail), MimeLimits.Default) is SoapMailReadResult.NoXml, why);

    [Fact]
    public void A_report_is_not_looked_into() =>
        Assert.IsType<SoapMailReadResult.NoXml>(MailBinding.Read(Mails.Read(Multipart("report", "text/xml|E")), MimeLimits.Default));

    [Fact]
    public void A_bare_payload_is_told_from_an_envelope() =>
        Assert.IsType<SoapMailReadResult.NotSoap>(MailBinding.Read(Mails.Read("\n<getOrder/>"), MimeLimits.Default));

    [Fact]
    public void Broken_base64_says_so()
    {
        var result = MailBinding.Read(Mails.Read("Content-Type: text/xml\nContent-Transfer-Encoding: base64\n\n***"), MimeLimits.Default);
        Assert.Equal(MimeFaultKind.BadBase64, Assert.IsType<SoapMailReadResult.Unreadable>(result).Fault.Kind);
    }

    [Theory]
    [InlineData("the parameter first", "Content-Type: application/soap+xml; action=\"urn:a\"\nSOAPAction: \"urn:b\"", "urn:a", "urn:a")]
    [InlineData("any case, quoted", "Soapaction: \"urn:a\"", "urn:a", "urn:a")]
    [InlineData("unquoted", "SOAPAction: urn:a", "urn:a", "urn:a")]
    [InlineData("empty says nothing", "SOAPAction: \"\"\nX-SOAPAction: urn:b", "urn:b", null)]
    [InlineData("null says nothing", "SOAPAction: null", null, null)]
    [InlineData("Tcl's field", "X-SOAPAction: \"urn:a\"", "urn:a", null)]
    [InlineData("Axis2's subject", "Subject: SOAPAction: urn:a", "urn:a", null)]
    [InlineData("Axis2's subject answered", "Subject: Re: SOAPAction: urn:a", "urn:a", null)]
    [InlineData("another subject says nothing", "Subject: urn:a", null, null)]
    public void The_action_is_found_wherever_it_stands(string why, string header, string? action, string? declared)
    {
        var request = Found(header + "\n\n" + Envelope);
        Assert.True((action, declared) == (request.Action, request.DeclaredAction), why);
    }

    [Theory]
    [InlineData("usual", "Message-ID: <a@b>", "<a@b>", "<a@b>")]
    [InlineData("without brackets", "Message-Id: 2", "2", "2")]
    [InlineData("with spaces", "Message-ID: a b  c", "a b  c", "a b  c")]
    [InlineData("with octets beyond ASCII", "Message-ID: <\u00e9@b>", "<\u00e9@b>", "<\u00e9@b>")]
    [InlineData("the other id first", "Message-ID: <a@b>\nX-Message-ID: <x@y>", "<x@y>", "<a@b> <x@y>")]
    [InlineData("none", "X: y", null, "")]
    [InlineData("after the references", "Message-ID: <c>\nReferences: <a>\n <b>", "<c>", "<a> <b> <c>")]
    [InlineData("after the one id answered", "Message-ID: <c>\nIn-Reply-To: <a>", "<c>", "<a> <c>")]
    [InlineData("several answered are no parent", "Message-ID: <c>\nIn-Reply-To: <a> <b>", "<c>", "<c>")]
    public void Ids_are_taken_as_they_are(string why, string header, string? answersTo, string references)
    {
        var facts = MailFacts.Of(Mails.Read(header + "\n\n").Headers);
        Assert.True(answersTo == facts.AnswersTo && references == string.Join(' ', MailBinding.ReferencesFor(facts)), why);
    }

    [Theory]
    [InlineData("once", "getOrder", "Re: getOrder")]
    [InlineData("not twice", "RE: getOrder", "RE: getOrder")]
    [InlineData("empty", "", "Re:")]
    [InlineData("encoded words as they stand", "=?utf-8?q?f=C3=BCr?=", "Re: =?utf-8?q?f=C3=BCr?=")]
    [InlineData("no line end", "a\rb\nc", "Re: a b c")]
    [InlineData("octets are read", "f\u00c3\u00bcr", "Re: f\u00fcr")]
    public void Subjects_are_answered_once(string why, string subject, string expected) =>
        Assert.True(expected == MailBinding.ReplySubject(subject), why);

    private static SoapMailRequest Found(string mail) =>
        Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(Mails.Read(mail), MimeLimits.Default)).Request;

    private static string Xml(SoapMailRequest request) => Encoding.Latin1.GetString(request.EnvelopeOctets.Span);

    private static string Multipart(string subtype, string parts) =>
        $"Content-Type: multipart/{subtype}; boundary=b\n\n"
        + string.Concat(parts.Split(';').Select(part => part.Split('|'))
            .Select(part => $"--b\nContent-Type: {part[0]}\n\n{part[1].Replace("E", Envelope, StringComparison.Ordinal)}\n"))
        + "--b--\n";
}
