using System.Xml.Linq;
using Relay.ExchangeSimulator.Http;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>What a request comes to.</summary>
internal abstract record OperationResult
{
    private OperationResult()
    {
    }

    /// <summary>A response, with success or with errors in its messages.</summary>
    public sealed record Response(XElement Body) : OperationResult;

    /// <summary>The whole request fails.</summary>
    public sealed record Fault(FaultDetail Detail) : OperationResult;
}
