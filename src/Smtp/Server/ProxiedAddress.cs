using System.Net;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>Who is at the other end: the peer of the socket, or whom a trusted proxy names.</summary>
internal static class ProxiedAddress
{
    /// <summary>From listed networks a PROXY header comes first, before anything of the client; from others it is no command at all.</summary>
    /// <returns>Null where a header is due and does not come, or is none; <see cref="IPAddress.None"/>, which no network covers, where the proxy names nobody.</returns>
    public static async ValueTask<IPAddress?> ReadAsync(
        SessionChannel channel, IPAddress peer, SmtpListenerOptions listener, TimeSpan within, CancellationToken ct)
    {
        if (!IsProxy(peer, listener))
        {
            return peer;
        }

        channel.Deadline.Set(within);
        while (true)
        {
            var result = await channel.ReadAsync(ct);
            var buffer = result.Buffer;
            var status = ProxyHeaderReader.TryRead(ref buffer, out var client);
            channel.Transport.Input.AdvanceTo(buffer.Start, status == SmtpReadStatus.Done ? buffer.Start : buffer.End);
            if (status == SmtpReadStatus.Done)
            {
                channel.Deadline.Clear();
                // A proxy that names nobody (LOCAL, UNKNOWN) lends its client none of what its own address may: nobody's, as with XCLIENT.
                return Plain(client ?? IPAddress.None);
            }

            if (status == SmtpReadStatus.Malformed || result.IsCompleted || channel.IsStopping || channel.Deadline.HasPassed(TimeSpan.Zero))
            {
                return null;
            }
        }
    }

    /// <summary>From there a PROXY header is due.</summary>
    public static bool IsProxy(IPAddress peer, SmtpListenerOptions listener) => listener.ProxyNetworks.Any(network => network.Contains(peer));

    /// <summary>Whether the address says nothing of who sends: a listener's proxies and LMTP clients hand on what others sent.</summary>
    /// <param name="client">Where the session comes from, or whom a PROXY header named.</param>
    /// <param name="isNamed">It was named so.</param>
    /// <param name="listener">Which it reached.</param>
    public static bool IsFront(IPAddress client, bool isNamed, SmtpListenerOptions listener) =>
        IsNobody(client)
        || (listener.Protocol == SmtpProtocol.Lmtp && !isNamed)
        || listener.XclientNetworks.Any(network => network.Contains(client));

    /// <summary>A proxy did not know its client's address.</summary>
    public static bool IsNobody(IPAddress client) => client.Equals(IPAddress.None);

    /// <summary>An IPv4 address that came in IPv6 clothes, as itself; a link-local one without our number of its interface.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv6LinkLocal ? new IPAddress(address.GetAddressBytes()) : address.Unmapped();
}
