using System.Xml.Linq;
using Relay.Access;

namespace Relay.Operations;

/// <summary>
/// One operation of a service. It plans first, outside any transaction and free to ask Exchange; what it changes happens in the plan's
/// commit, in the same transaction that settles the request and puts the answer in the outbox.
/// </summary>
internal interface IOperation
{
    ServiceKind Service { get; }

    /// <summary>The local name of the body's first child, as an Access entry lists it.</summary>
    string Name { get; }

    /// <summary>Whether the same request again must get the stored answer instead of a second execution.</summary>
    bool ChangesState { get; }

    /// <summary>Whether this operation answers a body that begins with this element.</summary>
    bool Handles(XName body);

    Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken);
}
