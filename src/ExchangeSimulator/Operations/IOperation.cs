using System.Xml.Linq;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>One operation of the service; runs under the gate of the database.</summary>
internal interface IOperation
{
    /// <summary>The body's first child, by local name.</summary>
    string Name { get; }

    OperationResult Run(OperationContext context, XElement request);
}
