using System.Text;
using System.Xml.Linq;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;
using Relay.Wire.Tests.Mime;

namespace Relay.Wire.Tests.Soap;

/// <summary>One mail for each thing that clients do, with what is to be made of it; <c>Fixtures/expected.tsv</c> says why each is there.</summary>
public sealed class MailFixtureTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Soap", "Fixtures");

    public static TheoryData<string, string> Rows() =>
        new(File.ReadLines(Path.Combine(Folder, "expected.tsv")).Skip(1).Select(line => (line.Split('\t')[0], line)));

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_fixture_is_read_as_expected(string file, string row)
    {
        var mail = Mails.Read(File.ReadAllBytes(Path.Combine(Folder, file + ".eml")));
        var read = MailBinding.Read(mail, MimeLimits.Default);
        var facts = read.Facts;
        var request = read switch
        {
            SoapMailReadResult.Found(var found) => found,
            SoapMailReadResult.NotSoap(var payload) => payload,
            _ => null,
        };
        var subject = facts.SubjectRaw.Length == 0 ? "-" : MailBinding.ReplySubject(facts.SubjectRaw);
        var address = (facts.ReplyTo is [var first, ..] ? first : facts.From)?.Address.ToString() ?? "-";
        string[] actual =
        [
            file, row.Split('\t')[1], Outcome(read), facts.AnswersTo ?? "-", subject, address,
            request?.PartMediaType ?? "-", (request?.Layout ?? SoapLayout.Flat).ToString(), request?.Action ?? "-",
        ];
        Assert.Equal(row, string.Join('\t', actual));
    }

    /// <summary>Whoever sent the request finds its answer: by the raw id, by the whole subject, in the layout and the type that it sent itself.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void An_answer_to_a_fixture_can_be_picked_up(string file, string row)
    {
        Assert.NotEmpty(row);
        var read = MailBinding.Read(Mails.Read(File.ReadAllBytes(Path.Combine(Folder, file + ".eml"))), MimeLimits.Default);
        if (read is not SoapMailReadResult.Found(var request))
        {
            return;
        }

        var version = row.Split('\t')[2] == "1.2" ? SoapVersion.Soap12 : SoapVersion.Soap11;
        var octets = MailBinding.Compose(AnswerTo(request, version));
        Assert.All(Encoding.Latin1.GetString(octets).Split("\r\n"), line => Assert.True(line.Length <= 998 && !line.Contains('\n')));
        var answer = Mails.Read(octets);
        var found = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(answer, MimeLimits.Default)).Request;
        Assert.Equal(request.AnswersTo, MessageId.RawOf(answer.Headers, "In-Reply-To"));
        Assert.All(new[] { request.MessageIdRaw, request.XMessageIdRaw }.OfType<string>(), id => Assert.Contains(id, found.ReferencesRaw, StringComparison.Ordinal));
        Assert.Contains(request.SubjectRaw, found.SubjectRaw, StringComparison.Ordinal);
        Assert.Equal(request.Layout, found.Layout);
        Assert.Contains(found.PartMediaType, new[] { request.PartMediaType, SoapNames.MediaType(version) });
        Assert.Equal((byte)'<', found.EnvelopeOctets.Span[0]); // no mark before it
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_prefix_of_a_fixture_is_handled(string file, string row)
    {
        Assert.NotEmpty(row);
        var whole = File.ReadAllBytes(Path.Combine(Folder, file + ".eml"));
        for (var length = 0; length < whole.Length; length++)
        {
            if (MimeReader.Read(whole.AsMemory(0, length), MimeLimits.Default) is MimeReadResult.Read(var mail))
            {
                Assert.NotNull(MailBinding.Read(mail, MimeLimits.Default).Facts);
            }
        }
    }

    private static SoapMail AnswerTo(SoapMailRequest request, SoapVersion version) => new()
    {
        From = Address("ews@gateway.example"),
        To = Address("client@partner.example"),
        Subject = MailBinding.ReplySubject(request.SubjectRaw),
        MessageId = "<answer@gateway.example>",
        InReplyTo = request.AnswersTo,
        References = MailBinding.ReferencesFor(request),
        Date = DateTimeOffset.UnixEpoch,
        AutoSubmitted = "auto-replied",
        Layout = request.Layout,
        IsXop = request.PartMediaType == XopPackage.MediaType,
        MediaType = MailBinding.AnswerMediaType(request, version),
        Envelope = SoapWriter.Write(version, [], new XElement("getOrderResponse")),
    };

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    private static string Outcome(SoapMailReadResult read) => read switch
    {
        SoapMailReadResult.Found(var request) => Outcome(SoapReader.Read(request, SoapLimits.Default, MimeLimits.Default)),
        SoapMailReadResult.NotSoap(var request) =>
            SoapReader.Read(request, SoapLimits.Default, MimeLimits.Default) is SoapReadResult.NotSoap ? "not-soap" : "Client",
        SoapMailReadResult.NoXml => "no-xml",
        SoapMailReadResult.Ambiguous => "ambiguous",
        SoapMailReadResult.Unreadable => "unreadable",
        _ => "?",
    };

    private static string Outcome(SoapReadResult read) => read switch
    {
        SoapReadResult.Read(var envelope) when envelope.Body is { Name.LocalName: "getOrder" } body && body.Value.Trim() is "greetings" or "Grüße" or { Length: > 1000 } =>
            envelope.Version == SoapVersion.Soap12 ? "1.2" : "1.1",
        SoapReadResult.Read(var envelope) => $"another body: {envelope.Body}",
        SoapReadResult.Faulted(var fault, _, _) => fault.Code.ToString(),
        _ => "not-soap",
    };
}
