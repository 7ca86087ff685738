using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

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

    /// <summary>
    /// Whether somebody is to be impersonated who cannot be told from it, such as by a SID: taking another mailbox instead would tell
    /// the events of the wrong one.
    /// </summary>
    private static bool IsImpersonationUseless(IReadOnlyList<XElement> headers) =>
        headers.Any(block => block.Name == EwsNames.Types + "ExchangeImpersonation") && string.IsNullOrEmpty(ImpersonatedMailbox(headers));

    /// <summary>Clients try the next version on the fault that says so, and not on a violation of the schema.</summary>
    private static bool IsAboutServerVersion(SchemaViolation violation) =>
        violation.Message.StartsWith("The 'Version' attribute is invalid", StringComparison.Ordinal);

    /// <summary>What is wrong with a request as a whole, by the schema and by its header; null if nothing is.</summary>
    public static SoapFault? Fault(OperationRequest request)
    {
        if (EwsSchema.Validate(request.Envelope.Xml) is { } violation)
        {
            return IsAboutServerVersion(violation) ? EwsFaults.Of(EwsErrors.InvalidServerVersion) : EwsFaults.SchemaViolation(violation);
        }

        return IsImpersonationUseless(request.Envelope.Headers) ? EwsFaults.Of(EwsErrors.InvalidExchangeImpersonationHeaderData) : null;
    }
}
