using System.Text;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd;

/// <summary>Mails of real SOAP-by-mail clients, mailed to the gateway: each answered, or not, as the manifest beside them says.</summary>
public sealed class SampleMailTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Folder = "samples/mail";

    private readonly Gateway _gateway = fixture.Gateway;

    /// <summary>File name, id (null without), reply address, traps; one row that says "absent" where the folder is not.</summary>
    public static TheoryData<string, string?, string, string> Samples()
    {
        var samples = new TheoryData<string, string?, string, string>();
        if (Shared.Find($"{Folder}/manifest.tsv") is not { } manifest)
        {
            samples.Add("absent", null, "", "");
            return samples;
        }

        foreach (string[] row in File.ReadLines(manifest).Skip(1).Select(line => line.Split('\t')))
        {
            samples.Add(row[0], row[2] == "(none)" ? null : row[2], row[7], row[9]);
        }

        return samples;
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_real_mail_is_answered_as_the_manifest_says(string file, string? id, string replyAddress, string traps)
    {
        Assert.SkipWhen(file == "absent", Shared.Missing(Folder));
        string content = Encoding.Latin1.GetString(File.ReadAllBytes(Shared.Find($"{Folder}/{file}")!));
        bool mustNot = traps.Contains("MUST NOT be answered", StringComparison.Ordinal);
        string address = replyAddress.Split('<', '>') is [_, var inBrackets, ..] ? inBrackets : replyAddress;
        bool hasNoSender = traps.Contains("MAIL FROM:<>", StringComparison.Ordinal) || file.Contains("dsn", StringComparison.Ordinal);

        int before = _gateway.Smarthost.Mails.Count;
        string answersTo = await _gateway.MailAsync(hasNoSender ? "" : "sender@partner.example", "ews@localhost", content);
        if (mustNot)
        {
            await AssertUnansweredAsync(answersTo);
            return;
        }

        RecordedMail answer = await _gateway.Smarthost.MailAsync(
            mail => mail.Number > before && Gateway.Answers(mail, answersTo) && mail.Recipient == address,
            $"an answer to {answersTo} for {address}; the relay wrote:\n{_gateway.Log}");
        Assert.Equal(id ?? answersTo, answer.InReplyTo);
    }

    private async Task AssertUnansweredAsync(string id)
    {
        for (int later = 0; later < 3; later++)
        {
            string mail = Soap.Mail("app@later.example", "calendar@localhost", null, Soap.Envelope(Soap.GetMonth(2003, 1)));
            await _gateway.AnswerToAsync(await _gateway.MailAsync("app@later.example", "calendar@localhost", mail));
        }

        Assert.DoesNotContain(_gateway.Smarthost.Mails, answer => Gateway.Answers(answer, id));
    }
}
