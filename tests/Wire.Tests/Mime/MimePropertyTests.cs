using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Wire.Tests.Mime;

/// <summary>What holds for every input.</summary>
public sealed class MimePropertyTests
{
    private static readonly MailAddress Address = MailAddress.TryParse("a@b.example", out var address) ? address : throw new InvalidOperationException();

    [Fact]
    public void Reading_never_throws() => Prop.ForAll<byte[]>(octets =>
    {
        if (MimeReader.Read(octets, MimeLimits.Default) is MimeReadResult.Read(var mail))
        {
            _ = MailBinding.Read(mail, MimeLimits.Default);
        }

        return SoapReader.Read(octets, null, SoapLimits.Default) is not null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_written_is_read_again() => Prop.ForAll<byte[], NonNull<string>, int>((envelope, subject, choice) =>
    {
        var layout = (SoapLayout)(Math.Abs(choice % 3));
        var marked = Encoding.UTF8.GetBytes("<Envelope>" + Convert.ToBase64String(envelope) + "</Envelope>");
        var mail = Mails.Read(MailBinding.Compose(Mail() with { Subject = subject.Get, Layout = layout, Envelope = marked }));
        var request = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(mail, MimeLimits.Default)).Request;
        return request.EnvelopeOctets.Span.SequenceEqual(marked)
            && request.Layout == layout
            && EncodedWord.Decode(request.SubjectRaw) == Cleaned(subject.Get);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_becomes_a_field_of_its_own() => Prop.ForAll<NonNull<string>, NonNull<string>>((first, second) =>
    {
        var hostile = first.Get + "\r\nBcc: evil@x.example\r\n\r\n" + second.Get;
        var octets = MailBinding.Compose(Mail() with
        {
            Subject = MailBinding.ReplySubject(hostile),
            FromName = hostile,
            InReplyTo = hostile,
            References = [hostile, second.Get],
            Action = hostile,
            ExtraFields = [("Relay-Note", hostile)],
        });
        var fields = Mails.Read(octets).Headers;
        return fields.CountOf("Bcc") == 0 && fields.Select(field => field.Name).SequenceEqual(
            ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress", "Relay-Note", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Base64_is_read_in_lines_of_any_length() => Prop.ForAll<byte[], PositiveInt>((octets, length) =>
    {
        var lines = string.Join("\r\n", Convert.ToBase64String(octets).Chunk(length.Get).Select(line => new string(line)));
        return Decoded("base64", lines).SequenceEqual(octets);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Quoted_printable_is_read_wherever_its_lines_break() => Prop.ForAll<byte[], PositiveInt>((octets, length) =>
    {
        var lines = string.Join("=\r\n", octets.Select(octet => $"={octet:X2}").Chunk(length.Get).Select(line => string.Concat(line)));
        return Decoded("quoted-printable", lines).SequenceEqual(octets);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Encoded_words_come_back() => Prop.ForAll<NonNull<string>>(text =>
        EncodedWord.Decode(EncodedWord.Encode("\u00fc" + text.Get)) == "\u00fc" + Cleaned("|" + text.Get + "|")[1..^1]).QuickCheckThrowOnFailure();

    [Fact]
    public void Dates_come_back() => Prop.ForAll<DateTime, int>((time, minutes) =>
    {
        var date = new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), TimeSpan.FromMinutes(minutes % 600));
        date = date.AddTicks(-(date.Ticks % TimeSpan.TicksPerSecond));
        return MailDate.TryParse(MailDate.Format(date), out var read) && read == date && read.Offset == date.Offset;
    }).QuickCheckThrowOnFailure();

    private static byte[] Decoded(string encoding, string body) => Assert.IsType<MimeDecodeResult.Decoded>(
        Mails.Read(Encoding.Latin1.GetBytes($"Content-Transfer-Encoding: {encoding}\r\n\r\n{body}")).Decode(MimeLimits.Default)).Octets.ToArray();

    // What a header can hold: control characters are spaces, lone surrogates are replaced, spaces at the ends go.
    private static string Cleaned(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(
        new string([.. text.Select(c => (c < ' ' && c != '\t') || c == '\u007f' ? ' ' : c)]))).Trim(' ', '\t');

    private static SoapMail Mail() => new()
    {
        From = Address,
        To = Address,
        Subject = "x",
        MessageId = "<1@gateway.example>",
        Date = DateTimeOffset.UnixEpoch,
        AutoSubmitted = "auto-replied",
        MediaType = "application/soap+xml",
        Envelope = "<Envelope/>"u8.ToArray(),
    };
}
