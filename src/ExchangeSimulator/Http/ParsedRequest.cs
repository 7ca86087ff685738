using System.Xml.Linq;

namespace Relay.ExchangeSimulator.Http;

/// <summary>What the octets of a request are.</summary>
internal abstract record ParsedRequest
{
    private ParsedRequest()
    {
    }

    /// <summary>A valid operation.</summary>
    public sealed record Operation(XElement Body, string ServerVersion, string? Impersonated) : ParsedRequest;

    /// <summary>A fault, told with status 500.</summary>
    public sealed record Refused(FaultDetail Fault) : ParsedRequest;
}
