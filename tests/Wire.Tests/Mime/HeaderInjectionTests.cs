using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Wire.Tests.Mime;

/// <summary>Whatever text a peer brings, an answer has the fields that we write and no other.</summary>
public sealed class HeaderInjectionTests
{
    private static readonly MailAddress Address = MailAddress.TryParse("a@b.example", out var address) ? address : throw new InvalidOperationException();

    private static readonly string[] Fields =
    [
        "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress", "Relay-Note", "MIME-Version",
    ];

    [Theory]
    [InlineData(SoapLayout.Flat, false)]
    [InlineData(SoapLayout.Flat, true)]
    [InlineData(SoapLayout.Mixed, true)]
    [InlineData(SoapLayout.Related, false)]
    public void Hostile_text_stays_in_its_field(SoapLayout layout, bool hasNote) => Prop.ForAll(HostileText.Any, HostileText.Any, (first, second) =>
    {
        var octets = MailBinding.Compose(Mail(first, second, layout, hasNote));
        Lines(octets);
        var mail = Mails.Read(octets);
        string[] expected = mail.ContentType.IsMultipart ? [.. Fields, "Content-Type"] : [.. Fields, "Content-Type", "Content-Transfer-Encoding"];
        Assert.Equal(expected, mail.Headers.Select(field => field.Name));
        Assert.Equal(hasNote ? 2 : layout == SoapLayout.Flat ? 0 : 1, mail.Parts.Count);
        var found = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(mail, MimeLimits.Default)).Request;
        Assert.Equal("<Envelope/>", Encoding.ASCII.GetString(found.EnvelopeOctets.Span));
        Assert.Equal(Address, found.From?.Address);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reply_to_a_hostile_header_is_harmless() => Prop.ForAll(HostileText.Any, HostileText.Any, (first, second) =>
    {
        // As on the wire, where the peer's own line ends have made whatever fields they make.
        var request = Encoding.Latin1.GetBytes(
            $"From: {first} <a@b.example>\r\nSubject: {second}\r\nMessage-ID: {first}{second}\r\nReferences: {second} {first}\r\n\r\n");
        var facts = MailFacts.Of(MimeReader.ReadHeader(request, MimeLimits.Default).Headers);
        var octets = MailBinding.Compose(Mail("", "", SoapLayout.Flat, false) with
        {
            Subject = MailBinding.ReplySubject(facts.SubjectRaw),
            InReplyTo = facts.AnswersTo ?? "<none@b.example>",
            References = MailBinding.ReferencesFor(facts) is { Count: > 0 } ids ? ids : ["<none@b.example>"],
            FromName = facts.From?.DisplayName,
        });
        Lines(octets);
        Assert.Equal([.. Fields, "Content-Type", "Content-Transfer-Encoding"], Mails.Read(octets).Headers.Select(field => field.Name));
    }).QuickCheckThrowOnFailure();

    private static SoapMail Mail(string first, string second, SoapLayout layout, bool hasNote) => new()
    {
        From = Address,
        FromName = first,
        To = Address,
        Subject = second,
        MessageId = "<1@gateway.example>",
        InReplyTo = first,
        References = [first, second],
        Date = DateTimeOffset.UnixEpoch,
        AutoSubmitted = "auto-replied",
        ExtraFields = [("Relay-Note", first + second)],
        Layout = layout,
        Note = hasNote ? first : null,
        MediaType = "application/soap+xml",
        Action = second,
        Envelope = "<Envelope/>"u8.ToArray(),
    };

    private static void Lines(byte[] octets)
    {
        var lines = Encoding.Latin1.GetString(octets).Split("\r\n");
        Assert.All(lines, line => Assert.True(line.Length <= 998 && line.AsSpan().IndexOfAny('\r', '\n', '\0') < 0));
    }
}
