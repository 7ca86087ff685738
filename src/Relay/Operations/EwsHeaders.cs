using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>Header blocks of Exchange's own that a request may carry.</summary>
internal static class EwsHeaders
{
    /// <summary>The address in <c>t:ExchangeImpersonation/t:ConnectingSID</c>, of whichever kind it is; a SID is no address.</summary>
    public static string? ImpersonatedMailbox(IReadOnlyList<XElement> headers) =>
        headers.FirstOrDefault(block => block.Name == EwsNames.Types + "ExchangeImpersonation")
            ?.Element(EwsNames.Types + "ConnectingSID")
            ?.Elements()
            .FirstOrDefault(sid => sid.Name.LocalName != "SID")
            ?.Value.Trim();
}
