using System.Text;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;
using Relay.Wire.Tests.Mime;

namespace Relay.Wire.Tests.Soap;

public sealed class SoapMailWriterTests
{
    private static readonly byte[] Envelope = SoapWriter.Write(SoapVersion.Soap12, [], new System.Xml.Linq.XElement("a", "Gr\u00fc\u00dfe\n.\n"));

    [Fact]
    public void A_flat_answer_looks_as_people_expect()
    {
        var text = Encoding.Latin1.GetString(MailBinding.Compose(Mail()));
        var header = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        Assert.Equal(
            """
            From: "EWS: gateway" <ews@gateway.example>
            To: app@branch.example
            Subject: Re: Subscribe
            Date: Sat, 21 Nov 2026 18:00:00 +0000
            Message-ID: <17@gateway.example>
            In-Reply-To: 2
            References: <0@x> 2
            Auto-Submitted: auto-replied
            X-Auto-Response-Suppress: All
            MIME-Version: 1.0
            Content-Type: application/soap+xml; charset=utf-8; action="urn:a"
            Content-Transfer-Encoding: base64
            """.ReplaceLineEndings("\r\n"),
            header);
    }

    [Theory]
    [InlineData(SoapLayout.Flat)]
    [InlineData(SoapLayout.Mixed)]
    [InlineData(SoapLayout.Related)]
    public void What_is_written_is_found_again(SoapLayout layout)
    {
        var read = MailBinding.Read(Mails.Read(MailBinding.Compose(Mail() with { Layout = layout })), MimeLimits.Default);
        var request = Assert.IsType<SoapMailReadResult.Found>(read).Request;
        Assert.Equal(layout, request.Layout);
        Assert.Equal("application/soap+xml", request.PartMediaType);
        Assert.Equal(Envelope, request.EnvelopeOctets.ToArray());
        Assert.Equal("2", request.InReplyToRaw);
    }

    [Theory]
    [InlineData(SoapLayout.Flat, "alternative", SoapLayout.Flat)]
    [InlineData(SoapLayout.Mixed, "mixed", SoapLayout.Mixed)]
    public void A_note_for_people_stands_before_the_envelope(SoapLayout layout, string subtype, SoapLayout found)
    {
        var mail = Mails.Read(MailBinding.Compose(Mail() with { Layout = layout, Note = "Gr\u00fc\u00dfe\nJo" }));
        Assert.True(mail.ContentType.Is("multipart", subtype));
        Assert.Equal("Gr\u00fc\u00dfe\r\nJo", mail.Parts[0].DecodeText(MimeLimits.Default));
        Assert.Equal(found, Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(mail, MimeLimits.Default)).Request.Layout);
    }

    [Fact]
    public void The_id_answered_is_echoed_octet_for_octet()
    {
        const string Id = "\u00e9 a  b@@\"<>(";
        var mail = Mails.Read(MailBinding.Compose(Mail() with { InReplyTo = Id }));
        Assert.Equal(Id, mail.Headers.Text("In-Reply-To"));
    }

    [Fact]
    public void A_long_subject_stays_on_one_line()
    {
        var subject = "Re: " + string.Join(' ', Enumerable.Repeat("correlation-0123456789", 30));
        Assert.Contains("Subject: " + subject + "\r\n", Encoding.Latin1.GetString(MailBinding.Compose(Mail() with { Subject = subject })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a subject", "x\r\nBcc: evil@x.example")]
    [InlineData("a bare CR", "x\rBcc: evil@x.example")]
    [InlineData("a bare LF", "x\nBcc: evil@x.example")]
    [InlineData("a NUL", "x\0Bcc: evil@x.example")]
    [InlineData("a very long token", "0123456789")]
    public void No_value_begins_a_field_or_passes_998_octets(string why, string value)
    {
        value = value.Length == 10 ? string.Concat(Enumerable.Repeat(value, 500)) : value;
        var octets = MailBinding.Compose(Mail() with
        {
            Subject = value,
            FromName = value,
            InReplyTo = value,
            References = [value, value],
            Action = value,
            ExtraFields = [("Relay-Note", value)],
        });
        var text = Encoding.Latin1.GetString(octets);
        Assert.DoesNotContain('\0', text);
        Assert.DoesNotContain("\r", text.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("\n", text.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.All(text.Split("\r\n"), line => Assert.True(line.Length <= 998, why));
        Assert.True(Mails.Read(octets).Headers.CountOf("Bcc") == 0, why);
    }

    [Fact]
    public void A_field_name_is_never_the_peers()
    {
        using var writer = new MimeWriter();
        Assert.Throws<ArgumentException>(() => writer.Field("X:\r\n", "y"));
    }

    private static SoapMail Mail() => new()
    {
        From = Address("ews@gateway.example"),
        FromName = "EWS: gateway",
        To = Address("app@branch.example"),
        Subject = "Re: Subscribe",
        MessageId = "<17@gateway.example>",
        InReplyTo = "2",
        References = ["<0@x>", "2"],
        Date = new DateTimeOffset(2026, 11, 21, 18, 0, 0, TimeSpan.Zero),
        AutoSubmitted = "auto-replied",
        MediaType = "application/soap+xml",
        Action = "urn:a",
        Envelope = Envelope,
    };

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
