using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Relay.Wire.Smtp;

/// <summary>The trace field that a server puts on top of what it accepts (RFC 5321 §4.4).</summary>
/// <param name="HelloName">The name from EHLO, HELO or LHLO.</param>
/// <param name="Client">Where the connection came from.</param>
/// <param name="HostName">Our name.</param>
/// <param name="With">The protocol word: <c>ESMTP</c>, <c>ESMTPS</c>, <c>LMTP</c> … (RFC 3848 §1).</param>
/// <param name="Id">Our id of the mail.</param>
/// <param name="For">The recipient where there is only one: several would tell each about the others (RFC 5321 §7.2).</param>
/// <param name="Date">When it was accepted.</param>
/// <param name="ClientName">What the client's address is called, where somebody looked it up.</param>
public sealed record ReceivedField(
    string HelloName, IPAddress Client, string HostName, string With, string Id, MailAddress? For, DateTimeOffset Date, string? ClientName = null)
{
    /// <summary>The field, folded, with the CRLF behind it.</summary>
    public override string ToString()
    {
        var date = Date.ToString("ddd, d MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture)
            + Date.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
        var literal = Client.AddressFamily == AddressFamily.InterNetworkV6 ? $"IPv6:{Client}" : Client.ToString();
        var recipient = For is null ? "" : $" for <{For}>";
        var name = ClientName is null ? "" : $"{ClientName} ";
        return $"Received: from {HelloName} ({name}[{literal}])\r\n\tby {HostName} with {With} id {Id}{recipient};\r\n\t{date}\r\n";
    }
}
