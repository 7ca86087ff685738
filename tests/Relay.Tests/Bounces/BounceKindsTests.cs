using Relay.Bounces;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Tests.Bounces;

public sealed class BounceKindsTests
{
    [Theory]
    [InlineData("no such user", "Failed", "5.1.1", "", "Hard")]
    [InlineData("no such domain", "Failed", "5.1.2", "", "Hard")]
    [InlineData("moved", "Failed", "5.1.6", "", "Hard")]
    [InlineData("RFC 7505: the domain takes no mail", "Failed", "5.1.10", "", "Hard")]
    [InlineData("mailbox disabled", "Failed", "5.2.1", "", "Hard")]
    [InlineData("no host answers for the domain", "Failed", "5.4.4", "", "Hard")]
    [InlineData("Exchange Online of unknown addresses", "Failed", "5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "Hard")]
    [InlineData("quota", "Failed", "5.2.2", "", "Soft")]
    [InlineData("our address is at fault", "Failed", "5.1.8", "", "Soft")]
    [InlineData("policy", "Failed", "5.7.1", "", "Soft")]
    [InlineData("too long on the way", "Failed", "4.4.7", "", "Soft")]
    [InlineData("a loop", "Failed", "5.4.6", "", "Soft")]
    [InlineData("5.0.0 with words", "Failed", "5.0.0", "550 User unknown", "Hard")]
    [InlineData("5.0.0 with other words", "Failed", "5.0.0", "554 transaction failed", "Soft")]
    [InlineData("no status, words", "Failed", null, "550 No such user here", "Hard")]
    [InlineData("no status, no words", "Failed", null, null, "Soft")]
    [InlineData("delayed, whatever the status", "Delayed", "5.1.1", "", "None")]
    [InlineData("arrived", "Delivered", "2.0.0", "", "Arrived")]
    [InlineData("passed on to where no reports come from", "Relayed", "2.0.0", "", "None")]
    [InlineData("expanded", "Expanded", "2.0.0", "", "None")]
    [InlineData("illegible", "Unknown", null, "", "None")]
    public void A_report_says(string why, string action, string? status, string? words, string kind)
    {
        EnhancedStatus? parsed = EnhancedStatus.TryParse(status ?? "", out var one) ? one : null;
        var recipient = new RecipientStatus(null, null, Enum.Parse<DeliveryAction>(action), parsed, words);
        Assert.True(BounceKinds.Of(recipient) == Enum.Parse<BounceKind>(kind), $"{why}: {BounceKinds.Of(recipient)}");
    }

    [Theory]
    [InlineData("its own", true, "")]
    [InlineData("in capitals", true, "upper")]
    [InlineData("one digit changed", false, "changed")]
    [InlineData("too short", false, "short")]
    [InlineData("of another key", false, "foreign")]
    public void An_envelope_id_is_read_back(string why, bool isOurs, string change)
    {
        var ids = new EnvelopeIds([1, 2, 3]);
        string id = ids.Create("<n.1.2@gateway.example>");
        string read = change switch
        {
            "upper" => id.ToUpperInvariant(),
            "changed" => (id[0] == '0' ? '1' : '0') + id[1..],
            "short" => id[1..],
            "foreign" => new EnvelopeIds([4]).Create("<n.1.2@gateway.example>"),
            _ => id,
        };
        Assert.True(ids.Read(read) is not null == isOurs, why);
    }
}
