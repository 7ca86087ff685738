using System.Xml.Linq;

namespace Relay.Operations;

/// <summary>Header blocks of our own, which a request may carry and stay valid by Exchange's schema.</summary>
internal static class RelayHeaders
{
    /// <summary><c>r:Acknowledge</c> in a Subscribe: each notification must be acknowledged, and is repeated until it is.</summary>
    public static bool DemandsAcknowledgement(IReadOnlyList<XElement> headers) =>
        headers.Any(block => block.Name == RelayOperation.Namespace + "Acknowledge" && block.Value.Trim() is not ("false" or "0"));
}
