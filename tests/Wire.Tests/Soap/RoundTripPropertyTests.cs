using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;
using Relay.Wire.Tests.Mime;

namespace Relay.Wire.Tests.Soap;

/// <summary>What goes out in any parts, charset and transfer encoding is what comes in.</summary>
public sealed class RoundTripPropertyTests
{
    private static readonly MailAddress Address = MailAddress.TryParse("a@b.example", out var address) ? address : throw new InvalidOperationException();

    // Letters that each charset has, and the five that XML escapes.
    private static readonly (string Charset, string Letters)[] Charsets =
    [
        ("utf-8", "a\u00fc\u20ac\u4e2d\ud83d\ude00"), ("us-ascii", "abc"), ("iso-8859-1", "a\u00e9\u00fc"), ("windows-1252", "a\u20ac\u201c"), ("koi8-r", "a\u0430\u044f"), ("utf-16", "a\u00fc\u4e2d"),
        ("iso-2022-jp", "a\u3042\u6f22"), ("shift_jis", "a\u3042\u6f22"),
    ];

    [Fact]
    public void Envelope_parts_and_note_come_back() => Prop.ForAll<byte[], byte[][], int>((envelope, attachments, choice) =>
    {
        var marked = Encoding.UTF8.GetBytes("<Envelope>" + Convert.ToBase64String(envelope) + "</Envelope>");
        var octets = MailBinding.Compose(Mail() with
        {
            Layout = (SoapLayout)(Math.Abs(choice % 3)),
            Note = choice % 2 == 0 && attachments.Length == 0 ? "A note.\nOf lines." : null,
            Attachments = [.. attachments.Select((content, i) => new SoapAttachment($"{i}@gateway.example", "application/octet-stream", content))],
            Envelope = marked,
        });
        var request = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(Mails.Read(octets), MimeLimits.Default)).Request;
        Assert.Equal(marked, request.EnvelopeOctets.ToArray());
        Assert.Equal(
            attachments.Select(Convert.ToHexString),
            request.Attachments.Where(part => part.ContentId?.EndsWith("@gateway.example", StringComparison.Ordinal) == true && part.ContentType.Subtype == "octet-stream")
                .Select(part => Convert.ToHexString(Assert.IsType<MimeDecodeResult.Decoded>(part.Decode(MimeLimits.Default)).Octets.Span)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_envelope_is_read_in_any_charset_and_encoding() => Prop.ForAll<int[], PositiveInt, bool>((letters, length, isDeclared) =>
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        foreach (var (charset, alphabet) in Charsets)
        {
            var runes = alphabet.EnumerateRunes().ToList();
            var text = string.Concat(letters.Select(letter => runes[(int)((uint)letter % runes.Count)].ToString()));
            var declaration = isDeclared ? $"<?xml version=\"1.0\" encoding=\"{charset}\"?>" : "";
            var xml = declaration + $"<s:Envelope xmlns:s=\"{SoapNames.Soap11.NamespaceName}\"><s:Body><a>{text}</a></s:Body></s:Envelope>";
            var octets = Encoding.GetEncoding(charset).GetBytes(xml);
            foreach (var encoding in charset == "utf-16" ? ["base64", "quoted-printable"] : new[] { "8bit", "base64", "quoted-printable" })
            {
                byte[] mail = [.. Encoding.ASCII.GetBytes($"Content-Type: text/xml; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"), .. Encode(octets, encoding, length.Get)];
                var request = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(Mails.Read(mail), MimeLimits.Default)).Request;
                var read = Assert.IsType<SoapReadResult.Read>(SoapReader.Read(request, SoapLimits.Default, MimeLimits.Default));
                Assert.Equal(text, read.Envelope.Body?.Value);
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_prefix_of_an_envelope_is_refused_with_a_fault()
    {
        var whole = Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"{SoapNames.Soap12.NamespaceName}\"><s:Body><a b=\"\u00fc\">\u20ac<![CDATA[x]]></a></s:Body></s:Envelope>");
        for (var length = 0; length < whole.Length; length++)
        {
            var fault = Assert.IsType<SoapReadResult.Faulted>(SoapReader.Read(whole.AsMemory(0, length), "utf-8", SoapLimits.Default)).Fault;
            Assert.Equal(SoapFaultCode.Client, fault.Code);
        }
    }

    [Fact]
    public void A_header_that_is_cut_has_the_fields_before_the_cut()
    {
        var whole = Mails.Octets("From: a@b.example\nSubject: =?utf-8?Q?f=C3=BC?=\n r you\nX:y\nContent-Type: text/xml;\n charset=utf-8\n\n");
        var fields = MimeReader.ReadHeader(whole, MimeLimits.Default).Headers.ToList();
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = MimeReader.ReadHeader(whole.AsSpan(0, length), MimeLimits.Default).Headers.ToList();
            Assert.Equal(fields.Take(Math.Max(0, cut.Count - 1)), cut.SkipLast(1));
        }
    }

    [Fact]
    public void A_report_of_any_recipients_is_read_as_written() => Prop.ForAll<PositiveInt, bool>((count, isFolded) =>
    {
        var space = isFolded ? "\n " : " ";
        var groups = Enumerable.Range(0, count.Get % 100 + 1).Select(i =>
            $"Final-Recipient:{space}rfc822;{space}r{i}@x.example\nAction: failed\nStatus:{space}5.1.{i}\nDiagnostic-Code: smtp;{space}550 no\n").ToList();
        var mail = Mails.Read($"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; m\n\n{string.Join('\n', groups)}\n--b--\n");
        var read = DeliveryStatusNotification.Read(mail, MimeLimits.Default);
        Assert.Equal(
            Enumerable.Range(0, Math.Min(groups.Count, MimeLimits.Default.MaxParts)).Select(i => (string?)$"r{i}@x.example 5.1.{i} {DeliveryAction.Failed}"),
            read?.Recipients.Select(r => $"{r.FinalRecipient} {r.Status} {r.Action}"));
    }).QuickCheckThrowOnFailure();

    private static byte[] Encode(byte[] octets, string encoding, int length) => encoding switch
    {
        "base64" => Encoding.ASCII.GetBytes(string.Join("\r\n", Convert.ToBase64String(octets).Chunk(length).Select(line => new string(line)))),
        "quoted-printable" => Encoding.ASCII.GetBytes(string.Join("=\r\n", octets.Select(octet => $"={octet:X2}").Chunk(length).Select(line => string.Concat(line)))),
        _ => octets,
    };

    private static SoapMail Mail() => new()
    {
        From = Address,
        To = Address,
        Subject = "x",
        MessageId = "<1@gateway.example>",
        Date = DateTimeOffset.UnixEpoch,
        AutoSubmitted = "auto-replied",
        MediaType = "text/xml",
        Envelope = default,
    };
}
