using Relay.Wire.Mime;
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
        SoapReadResult.Read(var envelope) => envelope.Body?.Name.LocalName == "getOrder" ? envelope.Version == SoapVersion.Soap12 ? "1.2" : "1.1" : "another body",
        SoapReadResult.Faulted(var fault, _, _) => fault.Code.ToString(),
        _ => "not-soap",
    };
}
