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
        if (!listener.ProxyNetworks.Any(network => network.Contains(peer)))
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

    /// <summary>An IPv4 address that came in IPv6 clothes, as itself; a link-local one without our number of its interface.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv6LinkLocal ? new IPAddress(address.GetAddressBytes()) : address.Unmapped();
}
