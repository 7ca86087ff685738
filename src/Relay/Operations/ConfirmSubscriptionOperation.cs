using System.Xml.Linq;
using Relay.Wire.Soap;

namespace Relay.Operations;

/// <summary>
/// <c>r:ConfirmSubscription</c> with the token of a confirmation request: the request that waits for it is executed, and answered for itself.
/// The token is good once.
/// </summary>
internal sealed class ConfirmSubscriptionOperation(ParkedRequests parked) : RelayOperation
{
    public const string LocalName = "ConfirmSubscription";

    public override string Name => LocalName;

    public override bool ChangesState => true;

    /// <summary>The token in a body; empty when it has none.</summary>
    public static string TokenIn(XElement body) => body.Elements().FirstOrDefault(child => child.Name.LocalName == "Token")?.Value.Trim() ?? "";

    public override Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        string token = TokenIn(request.Body);
        if (token.Length == 0)
        {
            return Task.FromResult<OperationPlan>(new OperationPlan.Fault(EwsFaults.SchemaViolation(OwnSchema.Missing(request, Namespace + "Token"))));
        }

        return Task.FromResult<OperationPlan>(new OperationPlan.Commit(transaction => parked.Release(transaction, token) is { } released
            ? Respond($"ConfirmSubscription: {released.MailId}", new XElement(Namespace + "Confirmed", released.MailId), new XElement(Namespace + "Address", released.Address))
            : new OperationAnswer.Fault(SoapFaults.Client("The token was not made here, has been used, or is too old."))));
    }
}
