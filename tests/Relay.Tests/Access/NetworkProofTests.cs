using System.Net;
using Relay.Access;
using Relay.Store;

namespace Relay.Tests.Access;

public sealed class NetworkProofTests
{
    private const string Ours = "Received: from c by us; Sat, 21 Nov 2026 12:00:00 +0000\n";
    private const string Rest = "From: app@branch.example\nContent-Type: text/xml\n\n" + ProofStage.Envelope + "\n";

    private static readonly SubscriberEntry Network = ProofStage.Entry(Proof.Network) with { Networks = [IPNetwork.Parse("192.0.2.0/24")] };
    private static readonly SubscriberEntry Account = ProofStage.Entry(Proof.SmtpAuth) with { Accounts = new HashSet<string> { "app" } };

    public static TheoryData<string, bool, string, string, string?> Ways => new()
    {
        { "a client of the network, its own mail", true, Ours + Rest, MailOrigin.Smtp, "192.0.2.7" },
        { "the same in IPv6 clothes", true, Ours + Rest, MailOrigin.Smtp, "::ffff:192.0.2.7" },
        { "a client of another network", false, Ours + Rest, MailOrigin.Smtp, "198.51.100.1" },
        { "somebody else's mail: another server has stamped it", false, Ours + Ours + Rest, MailOrigin.Smtp, "192.0.2.7" },
        { "LMTP hands on what others sent", false, Ours + Rest, MailOrigin.Lmtp, "192.0.2.7" },
        { "a pipe", false, Rest, MailOrigin.Pipe, null },
        { "a pick-up", false, Rest, MailOrigin.Pickup, null },
        { "a pick-up that claims an address", false, Rest, MailOrigin.Pickup, "192.0.2.7" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_network_proves_what_its_clients_hand_us_themselves(string why, bool proven, string mail, string via, string? client) =>
        Assert.True(ProofStage.Identify(Network, mail, ProofStage.Origin(via, client))?.Principal is not null == proven, why);

    public static TheoryData<string, bool, string?> Accounts => new()
    {
        { "the entry's account", true, "app" },
        { "another", false, "other" },
        { "the same in another case", false, "APP" },
        { "none", false, null },
    };

    [Theory]
    [MemberData(nameof(Accounts))]
    public void An_account_proves_its_entry(string why, bool proven, string? account) =>
        Assert.True(ProofStage.Identify(Account, Ours + Rest, ProofStage.Origin(account: account))?.Principal is not null == proven, why);

    public static TheoryData<string, string, string, string?> Dialogues => new()
    {
        { "a client that the network proves", nameof(DialogueVerdict.Possible), "192.0.2.1", null },
        { "one that could still say AUTH", nameof(DialogueVerdict.NeedsAccount), "198.51.100.1", null },
        { "one whose account is the entry's", nameof(DialogueVerdict.Possible), "198.51.100.1", "app" },
        { "one whose account proves nothing", nameof(DialogueVerdict.Hopeless), "198.51.100.1", "other" },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public void The_dialogue_tells_what_it_can(string why, string verdict, string client, string? account)
    {
        var policy = new AccessPolicy(new AccessOptions { Subscribers = [Network, Account], IsDefault = false }, Wire.Mime.MimeLimits.Default);
        Assert.True(policy.Judge(ProofStage.Origin(client: client, account: account)).ToString() == verdict, why);
    }

    [Theory]
    [InlineData(Proof.Token)]
    [InlineData(Proof.Signature)]
    internal void Where_the_proof_stands_in_the_mail_the_dialogue_lets_it_come(Proof proof)
    {
        var policy = new AccessPolicy(new AccessOptions { Subscribers = [Network, ProofStage.Entry(proof)], IsDefault = false }, Wire.Mime.MimeLimits.Default);
        Assert.Equal(DialogueVerdict.Possible, policy.Judge(ProofStage.Origin(client: "198.51.100.1")));
    }
}
