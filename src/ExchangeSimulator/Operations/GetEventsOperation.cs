using System.Xml.Linq;
using Relay.ExchangeSimulator.Http;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.ExchangeSimulator.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class GetEventsOperation(SubscriptionTable subscriptions, SimulatorDialect dialect) : IOperation
{
    public string Name => "GetEvents";

    public OperationResult Run(OperationContext context, XElement request)
    {
        if (EwsRequestReader.Read(request) is not EwsRequestResult.Read { Request: GetEventsRequest get })
        {
            return new OperationResult.Fault(new FaultDetail(EwsErrors.InvalidRequest));
        }

        var subscription = subscriptions.Find(get.SubscriptionId, context.Account, out var error);
        if (subscription is { Request.Kind: not SubscriptionKind.Pull })
        {
            error = EwsErrors.InvalidPullSubscriptionId;
        }

        error ??= Position(context, subscription!, get.Watermark);
        return new OperationResult.Response(ResponseFrame.Written(writer =>
        {
            if (error is not null)
            {
                EwsResponseWriter.ErrorResponse(writer, Name, error);
                return;
            }

            subscription!.Use(context.Database.Now);
            EwsResponseWriter.GetEventsResponse(
                writer, NotificationMaker.Take(context.Database.Id, subscription, dialect.NoWatermarks));
        }));
    }

    /// <summary>
    /// Puts the cursor where the client says it is. What was told has left the queue, so a watermark before events that were already told
    /// is invalid; the cure is a new Subscribe with it.
    /// </summary>
    private EwsError? Position(OperationContext context, SimulatedSubscription subscription, string watermark)
    {
        if (subscription.HasMissedEvents)
        {
            // The events are gone before they were told: the subscription goes too.
            subscriptions.Remove(subscription, EwsErrors.EventNotFound);
            return EwsErrors.EventNotFound;
        }

        if (dialect.NoWatermarks)
        {
            return null;
        }

        var counter = Watermark.Parse(context.Database.Id, watermark);
        if (counter is null
            || counter > context.Database.Counter
            || (counter < subscription.Cursor
                && subscription.Mailbox.EventsAfter(counter.Value).TakeWhile(entry => entry.Counter <= subscription.Cursor).Any(subscription.Sees)))
        {
            return EwsErrors.InvalidWatermark;
        }

        subscription.MoveTo(counter.Value);
        subscription.Tell(counter.Value);
        return null;
    }
}
