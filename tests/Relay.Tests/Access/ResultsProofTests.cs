using System.Net;
using Relay.Access;
using Relay.Store;

namespace Relay.Tests.Access;

public sealed class ResultsProofTests
{
    private const string Ours = "Received: from mx by us; Sat, 21 Nov 2026 12:00:00 +0000\n";
    private const string Border = "Received: from c by mx.corp.example; Sat, 21 Nov 2026 11:59:00 +0000\n";
    private const string Outside = "Received: from app by mail.branch.example; Sat, 21 Nov 2026 11:58:00 +0000\n";
    private const string Dmarc = "Authentication-Results: mx.corp.example; dmarc=pass (p=reject) header.from=branch.example\n";
    private const string Dkim = "Authentication-Results: mx.corp.example; dkim=pass header.d=branch.example header.b=AbCd\n";
    private const string Nothing = "Authentication-Results: mx.corp.example; dkim=none; dmarc=fail header.from=branch.example\n";
    private const string Signature = "DKIM-Signature: v=1; d=branch.example; s=k;\n h=From:To:Subject:Date:Message-ID:Content-Type; bh=x; b=AbCdEf==\n";
    private const string Rest = "From: app@branch.example\nTo: ews@corp.example\nMessage-ID: <1@branch.example>\nContent-Type: text/xml\n\n" + ProofStage.Envelope + "\n";

    private static readonly SubscriberEntry Entry = ProofStage.Entry(Proof.AuthenticationResults) with
    {
        Networks = [IPNetwork.Parse("192.0.2.0/24")],
        AuthservId = "mx.corp.example",
    };

    public static TheoryData<string, string> Good => new()
    {
        { "DMARC, the field above the server's stamp", Ours + Dmarc + Border + Outside + Rest },
        { "the field below the server's stamp, where most filters put it", Ours + Border + Dmarc + Outside + Rest },
        { "no server before that one", Ours + Border + Dmarc + Rest },
        { "aligned DKIM with a signature over what is read", Ours + Border + Dkim + Outside + Signature + Rest },
        { "DKIM named by its identity", Ours + Border + Dkim.Replace("header.d=", "header.i=@", StringComparison.Ordinal) + Outside + Signature + Rest },
        { "DKIM by the domain above", Ours + Border + Dkim + Outside + Signature + Rest.Replace("@branch", "@app.branch", StringComparison.Ordinal).Replace("From: app@app.", "From: app@", StringComparison.Ordinal) },
        { "another server's field above", Ours + "Authentication-Results: other.example; dmarc=fail header.from=branch.example\n" + Dmarc + Border + Outside + Rest },
        { "one of several signatures", Ours + Border + "Authentication-Results: mx.corp.example; dkim=fail header.d=branch.example; dkim=pass header.d=branch.example header.b=AbCd\n" + Signature + Rest },
        { "DKIM over an X-Message-ID, in place of Message-ID, and a Reply-To", Ours + Border + Dkim + Outside + Signature.Replace(":Content-Type", ":Content-Type:X-Message-ID:Reply-To", StringComparison.Ordinal) + "X-Message-ID: <2@branch.example>\nReply-To: app@branch.example\n" + Rest },
        { "the id in another case", Ours + Border + Dmarc.Replace("mx.corp", "MX.Corp", StringComparison.Ordinal) + Rest },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void A_trusted_servers_word_proves_the_sender(string why, string mail)
    {
        Assert.True(ProofStage.Identify(Entry, mail)?.Principal?.Entry == Entry, why);
        Assert.True(ProofStage.Identify(Entry, mail, ProofStage.Origin(MailOrigin.Lmtp))?.Principal?.Entry == Entry, why + ", by LMTP");
    }

    public static TheoryData<string, string> Forged => new()
    {
        { "no field", Ours + Border + Outside + Rest },
        { "a server that is not named", Ours + Border + Dmarc.Replace("mx.corp.example", "mx.evil.example", StringComparison.Ordinal) + Outside + Rest },
        { "a server whose name begins alike", Ours + Border + Dmarc.Replace("mx.corp.example", "mx.corp.example.evil", StringComparison.Ordinal) + Outside + Rest },
        { "a field that came from outside, below the server's own", Ours + Border + Nothing + Dmarc + Outside + Rest },
        { "the same with the server's own above its stamp", Ours + Nothing + Border + Dmarc + Rest },
        { "a field that came from outside, where the server adds none", Ours + Border + Outside + Dmarc + Rest },
        { "a field behind a stamp that the sender made up", Ours + Border + "Received: from a by b; Sat, 21 Nov 2026 11:58:00 +0000\n" + Dmarc + Rest },
        { "a field in a mail within the mail", Ours + Border + Nothing + Outside + "From: app@branch.example\nContent-Type: message/rfc822\n\n" + Dmarc + Rest },
        { "DMARC of another From", Ours + Border + Dmarc.Replace("header.from=branch", "header.from=evil", StringComparison.Ordinal) + Outside + Rest },
        { "DMARC that says nothing of From", Ours + Border + "Authentication-Results: mx.corp.example; dmarc=pass\n" + Outside + Rest },
        { "DMARC failed", Ours + Border + Dmarc.Replace("pass", "fail", StringComparison.Ordinal) + Outside + Rest },
        { "SPF, which speaks of MAIL FROM", Ours + Border + "Authentication-Results: mx.corp.example; spf=pass smtp.mailfrom=app@branch.example\n" + Outside + Rest },
        { "DKIM of another domain", Ours + Border + Dkim.Replace("d=branch", "d=evil", StringComparison.Ordinal) + Outside + Signature.Replace("d=branch", "d=evil", StringComparison.Ordinal) + Rest },
        { "DKIM of a top-level domain", Ours + Border + Dkim.Replace("d=branch.example", "d=example", StringComparison.Ordinal) + Outside + Signature.Replace("d=branch.example", "d=example", StringComparison.Ordinal) + Rest },
        { "DKIM over a part of the body", Ours + Border + Dkim + Outside + Signature.Replace("bh=x", "l=10; bh=x", StringComparison.Ordinal) + Rest },
        { "DKIM that leaves Content-Type open", Ours + Border + Dkim + Outside + Signature.Replace(":Content-Type", "", StringComparison.Ordinal) + Rest },
        { "DKIM that leaves the id open", Ours + Border + Dkim + Outside + Signature.Replace(":Message-ID", "", StringComparison.Ordinal) + Rest },
        { "DKIM that does not cover the X-Message-ID, which would be the request's id", Ours + Border + Dkim + Outside + Signature + "X-Message-ID: <2@branch.example>\n" + Rest },
        { "DKIM over one X-Message-ID of two", Ours + Border + Dkim + Outside + Signature.Replace(":Content-Type", ":Content-Type:X-Message-ID", StringComparison.Ordinal) + "X-Message-ID: <3@branch.example>\nX-Message-ID: <2@branch.example>\n" + Rest },
        { "DKIM that does not cover the Reply-To", Ours + Border + Dkim + Outside + Signature + "Reply-To: app2@branch.example\n" + Rest },
        { "DKIM whose signature is another than the one that passed", Ours + Border + Dkim.Replace("AbCd", "Other", StringComparison.Ordinal) + Outside + Signature + Rest },
        { "DKIM whose signature is gone", Ours + Border + Dkim + Outside + Rest },
        { "DKIM over a part of the body, and beside it a signature made up, which begins like it", Ours + Border + Dkim + Outside + Signature.Replace("bh=x", "l=10; bh=x", StringComparison.Ordinal) + Signature + Rest },
        { "a result in a comment", Ours + Border + "Authentication-Results: mx.corp.example; spf=fail (dmarc=pass header.from=branch.example)\n" + Outside + Rest },
        { "a result in the sender's own local part", Ours + Border + "Authentication-Results: mx.corp.example; spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=branch.example\"@evil.example\n" + Outside + Rest },
        { "no From", Ours + Border + Dmarc + Rest.Replace("From: app@branch.example\n", "", StringComparison.Ordinal) },
        { "two authors", Ours + Border + Dmarc + Rest.Replace("From: app@branch.example", "From: app@branch.example, eve@evil.example", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public void A_forgery_proves_nothing(string why, string mail) => Assert.True(ProofStage.Identify(Entry, mail) is null, why);

    public static TheoryData<string, string, string?> OtherWays => new()
    {
        { "a client outside the networks", MailOrigin.Smtp, "198.51.100.1" },
        { "the same by LMTP", MailOrigin.Lmtp, "198.51.100.1" },
        { "a pick-up, where nobody knows who wrote the file", MailOrigin.Pickup, null },
        { "a pipe", MailOrigin.Pipe, null },
    };

    [Theory]
    [MemberData(nameof(OtherWays))]
    public void The_word_of_others_does_not_count(string why, string via, string? client) =>
        Assert.True(ProofStage.Identify(Entry, Ours + Dmarc + Border + Outside + Rest, ProofStage.Origin(via, client)) is null, why);
}
