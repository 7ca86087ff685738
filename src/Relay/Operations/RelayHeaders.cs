using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>Header blocks of our own, which a request may carry and stay valid by Exchange's schema.</summary>
internal static class RelayHeaders
{
    /// <summary><c>r:Acknowledge</c> in a Subscribe: each notification must be acknowledged, and is repeated until it is.</summary>
    public static bool DemandsAcknowledgement(IReadOnlyList<XElement> headers) =>
        headers.Any(block => block.Name == RelayOperation.Namespace + "Acknowledge" && block.Value.Trim() is not ("false" or "0"));

    /// <summary><c>r:Delivery</c> in a Subscribe: how notifications are to be made; no wish where there is none.</summary>
    /// <param name="headers">The request's.</param>
    /// <param name="fault">One sentence that says what is wrong; null if nothing is.</param>
    public static DeliveryWishes Delivery(IReadOnlyList<XElement> headers, out string? fault)
    {
        var blocks = headers.Where(block => block.Name == DeliveryHeader.Name).ToList();
        fault = blocks.Count > 1 ? "r:Delivery stands twice." : null;
        return blocks is [var only] ? DeliveryHeader.Read(only, out fault) : DeliveryWishes.None;
    }
}
