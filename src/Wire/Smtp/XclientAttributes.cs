using System.Net;

namespace Relay.Wire.Smtp;

/// <summary>
/// What a trusted proxy says of its own client by XCLIENT, as Postfix defines it. Null is both not said and <c>[UNAVAILABLE]</c>, but for
/// <see cref="Address"/> and <see cref="SaysLogin"/>.
/// </summary>
public sealed record XclientAttributes
{
    /// <summary>NAME: what the address is called; looked up by the proxy, never by us.</summary>
    public string? Name { get; init; }

    /// <summary>ADDR; <see cref="IPAddress.None"/>, which no network covers, where it is said to be unavailable.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>PORT, 0..65535.</summary>
    public int? Port { get; init; }

    /// <summary>HELO: what the client called itself.</summary>
    public string? Hello { get; init; }

    /// <summary>PROTO is ESMTP (true) or SMTP (false).</summary>
    public bool? IsExtended { get; init; }

    /// <summary>LOGIN: the account that the client proved to the proxy.</summary>
    public string? Login { get; init; }

    /// <summary>LOGIN was said, be it unavailable.</summary>
    public bool SaysLogin { get; init; }
}
