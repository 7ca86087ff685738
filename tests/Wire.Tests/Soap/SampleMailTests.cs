using System.Globalization;
using Relay.TestKit;
using Relay.Wire.Mime;
using Relay.Wire.Soap;
using Relay.Wire.Tests.Mime;

namespace Relay.Wire.Tests.Soap;

/// <summary>Every sample is read as its manifest row says.</summary>
public sealed class SampleMailTests
{
    [Fact]
    public void Every_sample_is_read_as_its_manifest_says()
    {
        if (Shared.Find("samples/mail") is not { } folder)
        {
            Assert.Skip(Shared.Missing("samples/mail"));
            return;
        }

        var rows = File.ReadLines(Path.Combine(folder, "manifest.tsv")).Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Check(row, Mails.Read(File.ReadAllBytes(Path.Combine(folder, row[0])))));
    }

    private static void Check(string[] row, MimeEntity mail)
    {
        var (file, id, type, version, action, reply) = (row[0], row[2], row[3], row[5], row[6], row[7]);
        var facts = MailFacts.Of(mail.Headers);
        Assert.Equal(id == "(none)" ? null : id, facts.MessageIdRaw);
        Assert.Equal(reply == "NONE" ? null : reply, (facts.ReplyTo is [var first, ..] ? first : facts.From) is { } mailbox ? Show(mailbox, reply) : null);
        Assert.Equal(!row[9].Contains("MUST NOT be answered", StringComparison.Ordinal) || file.Contains("nofrom", StringComparison.Ordinal), IsRequest(mail));
        switch (MailBinding.Read(mail, MimeLimits.Default))
        {
            case SoapMailReadResult.Found(var request):
                Assert.Equal(type, request.PartMediaType);
                Assert.Equal(action is "(none)" or "null" ? null : action, request.Action);
                var read = Assert.IsType<SoapReadResult.Read>(SoapReader.Read(request.EnvelopeOctets, request.Charset, SoapLimits.Default));
                Assert.Equal(version, read.Envelope.Version == SoapVersion.Soap12 ? "1.2" : "1.1");
                Assert.Equal("getOrder", read.Envelope.Body?.Name.LocalName);
                break;
            case SoapMailReadResult.NotSoap(var payload):
                Assert.Contains("bare payload", row[9], StringComparison.Ordinal);
                Assert.IsType<SoapReadResult.NotSoap>(SoapReader.Read(payload.EnvelopeOctets, payload.Charset, SoapLimits.Default));
                break;
            default:
                Assert.True(type == "-", string.Create(CultureInfo.InvariantCulture, $"{file}: no envelope found"));
                break;
        }
    }

    private static bool IsRequest(MimeEntity mail) => MailClassifier.Classify(hasNullReversePath: false, mail.Headers).Kind == MailKind.Request;

    private static string Show(Mailbox mailbox, string expected) =>
        expected.Contains('<', StringComparison.Ordinal)
            ? (expected[0] == '"' ? $"\"{mailbox.DisplayName}\"" : mailbox.DisplayName) + $" <{mailbox.Address}>"
            : mailbox.Address.ToString();
}
