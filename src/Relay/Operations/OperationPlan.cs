using Relay.Store;
using Relay.Wire.Soap;

namespace Relay.Operations;

/// <summary>What an operation decided to do.</summary>
internal abstract record OperationPlan
{
    private OperationPlan()
    {
    }

    /// <summary>To be run in the transaction that settles the request; it may be run again after a rollback.</summary>
    public sealed record Commit(Func<IStoreTransaction, OperationAnswer> Run) : OperationPlan;

    /// <summary>The request is refused with a SOAP fault; nothing changes.</summary>
    public sealed record Fault(SoapFault Value) : OperationPlan;

    /// <summary>Exchange cannot be asked now; the request stays in the spool.</summary>
    public sealed record TryLater(string Reason, OperationAnswer WhenGivenUp) : OperationPlan;

    public static Commit Answer(OperationAnswer answer) => new Commit(_ => answer);
}
