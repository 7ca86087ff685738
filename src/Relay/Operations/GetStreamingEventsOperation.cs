using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Operations;

/// <summary>
/// <c>m:GetStreamingEvents</c>: one request, many answers. The first says OK; events follow as they come, and Closed when ConnectionTimeout has
/// passed. One bad id refuses the whole request, as with Exchange.
/// </summary>
/// <remarks>
/// It opens something, so the same request again gets the stored first answer and does not take the stream over from itself.
/// </remarks>
internal sealed class GetStreamingEventsOperation(TimeProvider time) : EwsOperation<GetStreamingEventsRequest>
{
    /// <summary>Exchange's guidance for one connection.</summary>
    private const int MostSubscriptions = 200;

    public override string Name => "GetStreamingEvents";

    public override bool ChangesState => true;

    protected override Task<OperationPlan> PlanAsync(OperationRequest request, GetStreamingEventsRequest ews, CancellationToken cancellationToken)
    {
        if (request.Reply is not { } reply)
        {
            return Task.FromResult<OperationPlan>(new OperationPlan.Fault(SoapFaults.Client("GetStreamingEvents is all answers, and nobody wants them.")));
        }

        List<string> ids = [.. ews.SubscriptionIds.Distinct()];
        return Task.FromResult<OperationPlan>(ids.Count > MostSubscriptions
            ? OperationPlan.Answer(Refuse(EwsErrors.ExceededSubscriptionCount, []))
            : new OperationPlan.Commit(transaction => Open(transaction, request, reply.ToText(), ids, TimeSpan.FromMinutes(ews.ConnectionTimeoutMinutes))));
    }

    private OperationAnswer.Response Open(
        IStoreTransaction transaction, OperationRequest request, string frame, List<string> publicIds, TimeSpan connectionTimeout)
    {
        var found = new List<Subscription>();
        var refused = new List<(string Id, EwsError Error)>();
        foreach (string publicId in publicIds)
        {
            switch (Find(transaction, request, publicId))
            {
                case OwnedSubscription.Found { Subscription: var subscription }:
                    found.Add(subscription);
                    break;
                case OwnedSubscription.Refused { Error: var error }:
                    refused.Add((publicId, error));
                    break;
                default:
                    throw new InvalidOperationException("The cases of OwnedSubscription are closed.");
            }
        }

        if (refused is [var first, ..])
        {
            return Refuse(first.Error, [.. refused.Where(one => one.Error == first.Error).Select(one => one.Id)]);
        }

        Begin(transaction, frame, found, connectionTimeout);
        return new OperationAnswer.Response(
            writer => EwsResponseWriter.StreamingStatus(writer, ConnectionStatus.OK), $"GetStreamingEvents: {found.Count} subscriptions")
        {
            ChangedSubscription = found[0].Id,
            HoldsBack = found[0].Id,
        };
    }

    private void Begin(IStoreTransaction transaction, string frame, List<Subscription> subscriptions, TimeSpan connectionTimeout)
    {
        // From the answer on: a request that waited for us must not find its time over.
        var now = time.GetUtcNow();
        transaction.Streams.Open(frame, now + connectionTimeout, [.. subscriptions.Select(subscription => subscription.Id)]);
        foreach (var subscription in subscriptions)
        {
            transaction.Subscriptions.Touch(subscription.Id, now);
            if (subscription.State == SubscriptionState.Suspended)
            {
                // Whoever asks reads his mail again: as with ResumeSubscription, what was lost is told first.
                transaction.Subscriptions.SetState(subscription.Id, SubscriptionState.Active, null, now);
            }
        }
    }

    private static OwnedSubscription Find(IStoreTransaction transaction, OperationRequest request, string publicId)
    {
        var owned = OwnedSubscription.Find(transaction, request, publicId);
        return owned switch
        {
            OwnedSubscription.Found { Subscription.Kind: not SubscriptionKind.Streaming } => new OwnedSubscription.Refused(EwsErrors.InvalidSubscription),
            OwnedSubscription.Found { Subscription: var subscription } when SubscriptionLease.HasRunOut(transaction, subscription, request.ReceivedAt) =>
                new OwnedSubscription.Refused(EwsErrors.SubscriptionNotFound),
            _ => owned,
        };
    }

    private static OperationAnswer.Response Refuse(EwsError error, IReadOnlyCollection<string> ids) =>
        new(writer => EwsResponseWriter.StreamingError(writer, error, ids), $"GetStreamingEvents: {error.ResponseCode}");
}
