using System.Xml.Linq;
using Relay.Access;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>An operation of Exchange's own contract: the envelope is held against the schema first, with the texts that Exchange gives.</summary>
internal abstract class EwsOperation<TRequest> : IOperation
    where TRequest : EwsRequest
{
    public ServiceKind Service => ServiceKind.Ews;

    public abstract string Name { get; }

    public abstract bool ChangesState { get; }

    public bool Handles(XName body) => body == EwsNames.Messages + Name;

    public Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        if (EwsHeaders.Fault(request) is { } fault)
        {
            return Task.FromResult<OperationPlan>(new OperationPlan.Fault(fault));
        }

        return EwsRequestReader.Read(request.Body) is EwsRequestResult.Read { Request: TRequest ews }
            ? PlanAsync(request, ews, cancellationToken)
            : Task.FromResult<OperationPlan>(new OperationPlan.Fault(EwsFaults.InvalidRequest()));
    }

    protected abstract Task<OperationPlan> PlanAsync(OperationRequest request, TRequest ews, CancellationToken cancellationToken);

    /// <summary>A response message of class Error: the form in which Exchange tells what went wrong with a valid request.</summary>
    protected OperationAnswer.Response Error(EwsError error) =>
        new(writer => EwsResponseWriter.ErrorResponse(writer, Name, error), $"{Name}: {error.ResponseCode}");
}
