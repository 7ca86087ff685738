using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>Which header blocks bind us, and which we know.</summary>
public static class SoapHeaderBlocks
{
    private static readonly XNamespace EwsTypes = "http://schemas.microsoft.com/exchange/services/2006/types";

    private static readonly HashSet<XName> Own = [XName.Get("Acknowledge", "urn:soap-relay:v1"), XName.Get("Delivery", "urn:soap-relay:v1")];

    private static readonly HashSet<XName> Ews =
    [
        EwsTypes + "RequestServerVersion",
        EwsTypes + "MailboxCulture",
        EwsTypes + "ExchangeImpersonation",
        EwsTypes + "TimeZoneContext",
        EwsTypes + "DateTimePrecision",
    ];

    /// <summary>Whether this relay acts on the block: addressing of both editions, Exchange's, and its own.</summary>
    public static bool IsUnderstood(XName block) =>
        block.Namespace == WsAddressing.Namespace2005 || block.Namespace == WsAddressing.Namespace2004 || Ews.Contains(block)
        || Own.Contains(block);

    /// <summary>Whether the block must be understood by us: marked so, and for our role.</summary>
    public static bool IsMandatory(XElement block, SoapVersion version)
    {
        var soap = SoapNames.Envelope(version);
        var mark = block.Attribute(soap + "mustUnderstand")?.Value.Trim();

        // SOAP 1.1 §4.2.3 knows only "1"; programs write "true" too, as 1.2 has it, and mean the same.
        return mark is "1" or "true" && IsForUs(block.Attribute(soap + (version == SoapVersion.Soap12 ? "role" : "actor"))?.Value.Trim());
    }

    // SOAP 1.2 Part 1 §2.2 and SOAP 1.1 §4.2.2: no role means the one the message is for; role/none and other names are not us.
    private static bool IsForUs(string? role) =>
        role is null or "" or SoapNames.NextActor11 or SoapNames.NextRole12 or SoapNames.UltimateReceiver12;
}
