using System.Xml.Linq;
using Relay.Access;

namespace Relay.Operations;

/// <summary>An operation of our own, in the namespace <c>urn:soap-relay:v1</c>: for people and tools.</summary>
internal abstract class RelayOperation : IOperation
{
    /// <summary>The namespace of all of them and of what they answer.</summary>
    public static XNamespace Namespace { get; } = "urn:soap-relay:v1";

    public ServiceKind Service => ServiceKind.Ews;

    public abstract string Name { get; }

    public abstract bool ChangesState { get; }

    public bool Handles(XName body) => body == Namespace + Name;

    public abstract Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken);

    protected OperationAnswer.Response Respond(string outcome, params object?[] content) =>
        new(new XElement(Namespace + (Name + "Response"), new XAttribute(XNamespace.Xmlns + "r", Namespace), content).WriteTo, outcome);
}
