using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Relay.Smtp.Server;

/// <summary>
/// What counts as one client: an IPv4 address, or an IPv6 network of 64 bits, as whoever has an IPv6 address has 2^64 of them, each as good as another.
/// </summary>
/// <param name="IsIPv6">Of IPv6, and not IPv4 in its clothes.</param>
/// <param name="Bits">The address, or the network's first 64 bits.</param>
public readonly record struct ClientNetwork(bool IsIPv6, ulong Bits)
{
    /// <summary>The one that an address belongs to.</summary>
    public static ClientNetwork Of(IPAddress client)
    {
        Span<byte> octets = stackalloc byte[16];
        client.TryWriteBytes(octets, out _);
        return client.AddressFamily != AddressFamily.InterNetworkV6 ? new(false, BinaryPrimitives.ReadUInt32BigEndian(octets))
            : client.IsIPv4MappedToIPv6 ? new(false, BinaryPrimitives.ReadUInt32BigEndian(octets[12..]))
            : new(true, BinaryPrimitives.ReadUInt64BigEndian(octets));
    }

    /// <summary>Other in each process, so that nobody picks networks that fall together in tables.</summary>
    public override int GetHashCode() => HashCode.Combine(IsIPv6, Bits);
}
