using System.Reflection;
using System.Xml.Linq;

namespace Relay.Operations;

/// <summary><c>r:Ping</c>: shows that a mail comes through and its answer back, and as whom the relay knows the sender.</summary>
internal sealed class PingOperation(TimeProvider time) : RelayOperation
{
    private static readonly string Version = typeof(PingOperation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion.Split('+')[0] ?? "unknown";

    public override string Name => "Ping";

    public override bool ChangesState => false;

    public override Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<OperationPlan>(OperationPlan.Answer(Respond(
            "Ping",
            new XElement(Namespace + "Version", Version),
            new XElement(Namespace + "Time", time.GetUtcNow()),
            new XElement(Namespace + "ReceivedAt", request.ReceivedAt),
            new XElement(Namespace + "Sender", request.Principal.Address),
            new XElement(Namespace + "AnswerAddress", request.AnswerTo.ToString()))));
}
