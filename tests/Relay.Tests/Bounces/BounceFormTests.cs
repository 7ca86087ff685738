using System.Text;
using Relay.Bounces;
using Relay.Wire.Mime;

namespace Relay.Tests.Bounces;

public sealed class BounceFormTests
{
    private const string MessageId = "<n.7.3.abc.0123456789abcdef@gateway.example>";
    private const string EnvelopeId = "00112233445566778899aabbccddeeff";

    public static TheoryData<string, string, bool, bool> Forms => new()
    {
        { "Postfix", BounceForms.Postfix, true, true },
        { "Exchange", BounceForms.Exchange, true, false },
        { "Gmail", BounceForms.Gmail, true, false },
        { "Exim with a report", BounceForms.Exim, true, false },
        { "Exim without one", BounceForms.EximProse, true, false },
        { "qmail", BounceForms.Qmail, true, false },
        { "ENVID only", BounceForms.EnvelopeOnly, false, true },
        { "nothing named", BounceForms.Nameless, false, false },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_bounce_is_read_whoever_wrote_it(string why, string form, bool namesMessage, bool namesEnvelope)
    {
        var report = Read(form, isNullSender: true);
        Assert.True(report is { Kind: BounceKind.Hard }, $"{why}: {report}");
        Assert.Equal(namesMessage ? MessageId : null, report.OriginalMessageId);
        Assert.Equal(namesEnvelope ? EnvelopeId : null, report.OriginalEnvelopeId);
    }

    [Theory]
    [InlineData("delayed")]
    [InlineData("full")]
    [InlineData("arrived")]
    public void What_is_no_hard_failure_is_told_apart(string what)
    {
        var (form, kind) = what switch
        {
            "delayed" => (BounceForms.Delayed, BounceKind.None),
            "full" => (BounceForms.Full, BounceKind.Soft),
            _ => (BounceForms.Arrived, BounceKind.Arrived),
        };
        Assert.Equal(kind, Read(form, isNullSender: true)?.Kind);
    }

    [Fact]
    public void Prose_from_a_sender_who_could_be_answered_is_no_bounce() => Assert.Null(Read(BounceForms.Qmail, isNullSender: false));

    [Fact]
    public void The_worst_of_several_recipients_counts() => Assert.Equal(
        BounceKind.Hard,
        Read(BounceForms.Delayed.Replace("--b--", "\nFinal-Recipient: rfc822; other@partner.example\nACTION: Failed\nStatus: 5.1.1\n--b--", StringComparison.Ordinal), true)?.Kind);

    [Fact]
    public void A_vacation_note_is_no_bounce() => Assert.Null(Read("From: client@partner.example\nAuto-Submitted: auto-replied\n\nI am away until Monday.\n", true));

    private static BounceReport? Read(string form, bool isNullSender)
    {
        string mail = BounceForms.Fill(form, "client@partner.example", MessageId, EnvelopeId).ReplaceLineEndings("\r\n");
        var read = Assert.IsType<MimeReadResult.Read>(MimeReader.Read(Encoding.UTF8.GetBytes(mail), MimeLimits.Default));
        return BounceReport.Read(read.Root, isNullSender, MimeLimits.Default);
    }
}
