using System.Globalization;
using System.Text;
using Relay.Access;

namespace Relay.Tests.Access;

public sealed class TokenProofTests
{
    private const string Id = "<1@branch.example>";

    private static readonly SubscriberEntry Entry = ProofStage.Entry(Proof.Token) with { Secret = "0123456789abcdef"u8.ToArray() };

    private static string Time(TimeSpan ago) => (ProofStage.Now - ago).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Field(TimeSpan ago = default, string from = "app@branch.example", string id = Id, string envelope = ProofStage.Envelope, string secret = "0123456789abcdef") =>
        $"Relay-Token: t={Time(ago)}; h={Convert.ToHexStringLower(TokenProof.Compute(Encoding.UTF8.GetBytes(secret), Time(ago), from, id, Encoding.UTF8.GetBytes(envelope)))}\n";

    private static string Mail(string fields, string from = "app@branch.example", string? id = Id, string body = ProofStage.Envelope + "\n") =>
        $"Received: from x by y; Sat, 21 Nov 2026 11:59:00 +0000\nFrom: {from}\n{(id is null ? "" : $"Message-ID: {id}\n")}{fields}Content-Type: text/xml\n\n{body}";

    public static TheoryData<string, string> Good => new()
    {
        { "as it was made", Mail(Field()) },
        { "days old, as mail can be", Mail(Field(TimeSpan.FromDays(4.9))) },
        { "a clock that is ahead", Mail(Field(TimeSpan.FromMinutes(-9))) },
        { "a display name, and another case", Mail(Field(), "The App <App@Branch.Example>") },
        { "in base64", Mail(Field() + "Content-Transfer-Encoding: base64\n", body: Convert.ToBase64String(Encoding.UTF8.GetBytes(ProofStage.Envelope)) + "\n") },
        { "a declaration and line ends, made with LF and sent with CRLF", Mail(Field(envelope: $"<?xml version=\"1.0\"?>\n{ProofStage.Envelope}\n"), body: $"<?xml version=\"1.0\"?>\n{ProofStage.Envelope}\n\n") },
        { "a mailing list's footer behind it", Mail(Field(), body: ProofStage.Envelope + "\n-- \nfooter\n") },
        { "an id in X-Message-ID, since relays replace Message-ID", Mail(Field(id: "2") + "X-Message-ID: 2\n") },
        { "in upper case, the parts in another order", Mail(string.Join("; ", Field().Trim()["Relay-Token: ".Length..].Split("; ").Reverse()).ToUpperInvariant().Replace("H=", "Relay-Token: h=", StringComparison.Ordinal).Replace("T=", "t=", StringComparison.Ordinal) + "\n") },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void A_token_proves_the_sender(string why, string mail) =>
        Assert.True(ProofStage.Identify(Entry, mail)?.Principal?.Entry == Entry, why);

    public static TheoryData<string, string> Forged => new()
    {
        { "no token", Mail("") },
        { "another secret", Mail(Field(secret: "0123456789abcdeX")) },
        { "another From", Mail(Field(), "other@branch.example") },
        { "no From at all", Mail(Field()).Replace("From: app@branch.example\n", "", StringComparison.Ordinal) },
        { "two authors", Mail(Field(), "app@branch.example, eve@branch.example") },
        { "another id, so that it would be executed again", Mail(Field(), id: "<2@branch.example>") },
        { "no id, so that nothing would know it again", Mail(Field(id: ""), id: null) },
        { "an X-Message-ID put before the id", Mail(Field() + "X-Message-ID: <3@branch.example>\n") },
        { "another envelope", Mail(Field(), body: ProofStage.Envelope.Replace("<a/>", "<b/>", StringComparison.Ordinal)) },
        { "older than the window", Mail(Field(TimeSpan.FromDays(5.1))) },
        { "of tomorrow", Mail(Field(TimeSpan.FromMinutes(-11))) },
        { "two tokens, one of them good", Mail(Field() + Field(secret: "0123456789abcdeX")) },
        { "another time than the one covered", Mail(Field().Replace($"t={Time(default)}", $"t={Time(TimeSpan.FromHours(1))}", StringComparison.Ordinal)) },
        { "half a hash", Mail(Field()[..^34] + "\n") },
        { "no hash", Mail($"Relay-Token: t={Time(default)}\n") },
        { "no time", Mail("Relay-Token: h=" + new string('0', 64) + "\n") },
        { "junk", Mail("Relay-Token: trust me\n") },
        { "a part beside the envelope that it may refer to", Mail(Field()).Replace("Content-Type: text/xml\n\n", "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/xml\n\n", StringComparison.Ordinal) + "--b\nContent-ID: <x>\n\nevil\n--b--\n" },
        { "a time that is no number", Mail(Field().Replace("t=", "t=-", StringComparison.Ordinal)) },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public void A_forgery_proves_nothing(string why, string mail) => Assert.True(ProofStage.Identify(Entry, mail) is null, why);

    [Fact]
    public void An_address_that_the_entry_does_not_name_is_proven_and_denied()
    {
        var identity = ProofStage.Identify(Entry, Mail(Field(from: "app@else.example"), "app@else.example"));
        Assert.NotNull(identity);
        Assert.Null(identity.Principal);
    }
}
