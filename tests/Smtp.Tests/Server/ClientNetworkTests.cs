using System.Net;
using Relay.Smtp.Server;

namespace Relay.Smtp.Tests.Server;

/// <summary>What counts as one client where clients have limits.</summary>
public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("an IPv4 address is a client", "192.0.2.1", "192.0.2.2", false)]
    [InlineData("also in IPv6 clothes", "192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("in which each is one", "::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("an IPv6 network is a client", "2001:db8:1:2::1", "2001:db8:1:2:ffff::2", true)]
    [InlineData("and the next another", "2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("the numbers of one kind are not the other's", "0.0.0.1", "0:0:0:1::", false)]
    public void A_client_is_an_address_or_a_network(string why, string one, string other, bool isSame) =>
        Assert.True(ClientNetwork.Of(IPAddress.Parse(one)) == ClientNetwork.Of(IPAddress.Parse(other)) == isSame, why);

    [Theory]
    [InlineData("a client", SmtpProtocol.Smtp, "198.51.100.1", false, false)]
    [InlineData("a mail server that delivers by LMTP", SmtpProtocol.Lmtp, "198.51.100.1", false, true)]
    [InlineData("its client, where it names one", SmtpProtocol.Lmtp, "198.51.100.1", true, false)]
    [InlineData("a listed proxy", SmtpProtocol.Smtp, "192.0.2.1", false, true)]
    [InlineData("whom a proxy does not know", SmtpProtocol.Smtp, "255.255.255.255", true, true)]
    public void A_front_is_told_from_a_client(string why, SmtpProtocol protocol, string address, bool isNamed, bool isFront)
    {
        var listener = new SmtpListenerOptions { Protocol = protocol };
        listener.XclientNetworks.Add(IPNetwork.Parse("192.0.2.0/24"));
        Assert.True(ProxiedAddress.IsFront(IPAddress.Parse(address), isNamed, listener) == isFront, why);
    }
}
