using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>
/// <c>m:GetEvents</c>: events after any retained watermark, at most 50. It takes nothing out of a queue, so it may be repeated when an
/// answer was lost on the way.
/// </summary>
internal sealed class GetEventsOperation(WatermarkCodec watermarks) : EwsOperation<GetEventsRequest>
{
    public override string Name => "GetEvents";

    public override bool ChangesState => false;

    protected override Task<OperationPlan> PlanAsync(OperationRequest request, GetEventsRequest ews, CancellationToken cancellationToken) =>
        Task.FromResult<OperationPlan>(new OperationPlan.Commit(transaction => Run(transaction, request, ews)));

    private OperationAnswer.Response Run(IStoreTransaction transaction, OperationRequest request, GetEventsRequest ews)
    {
        switch (OwnedSubscription.Find(transaction, request, ews.SubscriptionId))
        {
            case OwnedSubscription.Refused refused:
                return Error(refused.Error);
            case OwnedSubscription.Found { Subscription: var subscription } when SubscriptionLease.HasRunOut(subscription, request.ReceivedAt):
                transaction.Subscriptions.End(subscription.Id, "no GetEvents came within its Timeout", request.ReceivedAt);
                return Error(EwsErrors.ExpiredSubscription) with { ChangedSubscription = subscription.Id };
            case OwnedSubscription.Found { Subscription: var subscription }:
                return Answer(transaction, subscription, request, ews.Watermark);
            default:
                throw new InvalidOperationException("The cases of OwnedSubscription are closed.");
        }
    }

    private OperationAnswer.Response Answer(
        IStoreTransaction transaction, Subscription subscription, OperationRequest request, string watermark)
    {
        if (watermarks.Decode(watermark) is not { } after
            || after.Value > transaction.Events.End().Value
            || after.Value < transaction.Events.OldestRetained().Value)
        {
            return Error(EwsErrors.InvalidWatermark);
        }

        var page = EventPage.Read(transaction.Events, subscription, after);
        transaction.Subscriptions.Touch(subscription.Id, request.ReceivedAt);
        var notification = NotificationShape.Describe(subscription, page, watermark, watermarks);
        return new OperationAnswer.Response(
            writer => EwsResponseWriter.GetEventsResponse(writer, notification), $"GetEvents: {page.Events.Count} events")
        {
            ExtraFields = [.. page.Gaps.Select(gap => (GapField.Name, GapField.Value(gap)))],
        };
    }
}
