using System.Security.Cryptography;
using Relay.Access;
using Relay.Intake;

namespace Relay.Tests.Access;

public sealed class SignatureProofTests
{
    private const string Part = "Content-Type: text/xml\n\n" + ProofStage.Envelope;
    private const string Evil = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><evil/></s:Body></s:Envelope>";

    private static readonly Signer Authority = Signer.Authority();
    private static readonly Signer App = Authority.Issue();
    private static readonly Signer Nameless = Authority.Issue(address: null);

    private static readonly Dictionary<string, (SubscriberEntry Entry, string Mail)> GoodMails = Good().ToDictionary(row => row.Why, row => (row.Entry, row.Mail));
    private static readonly Dictionary<string, (SubscriberEntry Entry, string Mail)> ForgedMails = Forged().ToDictionary(row => row.Why, row => (row.Entry, row.Mail));

    private static SubscriberEntry Trusting(params Signer[] signers) =>
        ProofStage.Entry(Proof.Signature) with { Certificates = signers.Select(signer => signer.Thumbprint).ToHashSet(StringComparer.OrdinalIgnoreCase) };

    private static SubscriberEntry TrustingAuthority(Signer? authority = null) =>
        ProofStage.Entry(Proof.Signature) with { Authorities = [(authority ?? Authority).Certificate] };

    private static IEnumerable<(string Why, SubscriberEntry Entry, string Mail)> Good()
    {
        yield return ("a certificate that the entry names", Trusting(App), App.Detached(Part));
        yield return ("an authority that issued it for the sender's address", TrustingAuthority(), App.Detached(Part));
        yield return ("the content inside the signature's own type", Trusting(App), App.Enveloping(Part));
        yield return ("the same by the authority", TrustingAuthority(), App.Enveloping(Part));
        yield return ("a named certificate made out to nobody", Trusting(Nameless), Nameless.Detached(Part));
        yield return ("an address in the subject alone", TrustingAuthority(), Authority.Issue(address: null, subjectAddress: "app@branch.example").Detached(Part));
        yield return ("SHA-512", Trusting(App), App.With(hash: HashAlgorithmName.SHA512).Detached(Part));
        yield return ("a signature some days old, as mail can be", Trusting(App), App.With(ProofStage.Now.AddDays(-4)).Detached(Part));
        yield return ("several parts within", Trusting(App), App.Detached($"Content-Type: multipart/mixed; boundary=c\n\n--c\n\nhello\n--c\n{Part}\n--c--\n"));
    }

    private static IEnumerable<(string Why, SubscriberEntry Entry, string Mail)> Forged()
    {
        var stranger = Signer.Authority("Branch CA");
        yield return ("no signature", Trusting(App), $"From: app@branch.example\n{Part}\n");
        yield return ("content changed after signing", Trusting(App), App.Detached(Part, tamper: part => part.Replace("<a/>", "<b/>", StringComparison.Ordinal)));
        yield return ("another's certificate", Trusting(App), Authority.Issue().Detached(Part));
        yield return ("another authority of the same name", TrustingAuthority(), stranger.Issue().Detached(Part));
        yield return ("the authority's certificate for another address", TrustingAuthority(), Authority.Issue("other@branch.example").Detached(Part));
        yield return ("the authority's certificate for no address", TrustingAuthority(), Nameless.Detached(Part));
        yield return ("the authority's certificate for servers", TrustingAuthority(), Authority.Issue(forMail: false).Detached(Part));
        yield return ("a named certificate for another address than From", Trusting(App), App.Detached(Part, from: "boss@branch.example"));
        yield return ("an expired certificate", TrustingAuthority(), Authority.Issue(days: -1).Detached(Part));
        yield return ("an expired certificate that is named", Trusting(Authority.Issue(days: -1)), Authority.Issue(days: -1).Detached(Part));
        yield return ("a signature of last week", Trusting(App), App.With(ProofStage.Now.AddDays(-6)).Detached(Part));
        yield return ("a signature of tomorrow", Trusting(App), App.With(ProofStage.Now.AddHours(1)).Detached(Part));
        yield return ("a signature that says no time", Trusting(App), App.With(tellsTime: false).Detached(Part));
        yield return ("SHA-1", Trusting(App), App.With(hash: HashAlgorithmName.SHA1).Detached(Part));
        yield return ("a signature that is none", Trusting(App), App.Detached(Part).Replace("MI", "QU", StringComparison.Ordinal));
        yield return ("a third part beside the signed one", Trusting(App), App.Detached(Part, beside: $"--b\n{Part.Replace(ProofStage.Envelope, Evil, StringComparison.Ordinal)}\n"));
        yield return ("a signed mail within another mail", Trusting(App), Within(App.Detached(Part)));
        yield return ("no From", Trusting(App), App.Detached(Part).Replace("From: app@branch.example\n", "", StringComparison.Ordinal));
    }

    public static TheoryData<string> WhyGood => [.. GoodMails.Keys];

    public static TheoryData<string> WhyForged => [.. ForgedMails.Keys];

    [Theory]
    [MemberData(nameof(WhyGood))]
    public void A_signature_proves_the_sender_and_the_envelope_is_read_from_within(string why)
    {
        var (entry, mail) = GoodMails[why];
        var (reading, identity) = ProofStage.Judge(entry, mail);
        Assert.True(identity?.Principal?.Entry == entry, why);
        Assert.Equal("a", Assert.IsType<RequestReading.Request>(reading).Body.Name.LocalName);
        Assert.StartsWith("signature ", identity.ReplayId, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WhyForged))]
    public void A_forgery_proves_nothing(string why)
    {
        var (entry, mail) = ForgedMails[why];
        Assert.True(ProofStage.Identify(entry, mail) is null, why);
    }

    [Fact]
    public void What_stands_around_the_signed_part_is_not_read()
    {
        // The preamble of the multipart: not a part, yet some readers look there.
        string mail = App.Detached(Part).Replace("\nnote\n", $"\n{Evil}\n", StringComparison.Ordinal);
        var (reading, identity) = ProofStage.Judge(Trusting(App), mail);
        Assert.NotNull(identity?.Principal);
        Assert.Equal("a", Assert.IsType<RequestReading.Request>(reading).Body.Name.LocalName);
    }

    [Fact]
    public void Sent_again_under_another_id_it_is_known_by_its_signature()
    {
        string mail = App.Detached(Part);
        var first = ProofStage.Identify(Trusting(App), mail);
        var second = ProofStage.Identify(Trusting(App), mail.Replace("<1@branch.example>", "<2@branch.example>", StringComparison.Ordinal));
        Assert.Equal(first!.ReplayId, second!.ReplayId);
    }

    private static string Within(string mail) => $"From: app@branch.example\nContent-Type: multipart/mixed; boundary=o\n\n--o\n{mail[mail.IndexOf("Content-Type", StringComparison.Ordinal)..]}--o--\n";
}
