using System.Net;

namespace Relay.Wire.Smtp;

/// <summary>Addresses as a socket tells them that takes IPv4 and IPv6.</summary>
public static class DualStack
{
    /// <summary>An IPv4 address that came as an IPv6 one, as itself; any other as it is.</summary>
    /// <param name="address">Of a client.</param>
    public static IPAddress Unmapped(this IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
