using System.Xml.Linq;
using Relay.ExchangeSimulator.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class UnsubscribeOperation(SubscriptionTable subscriptions) : IOperation
{
    public string Name => "Unsubscribe";

    public OperationResult Run(OperationContext context, XElement request)
    {
        var subscription = subscriptions.Find(request.Element(EwsNames.Messages + "SubscriptionId")?.Value ?? "", context.Account, out var error);
        if (subscription is { Request.Kind: SubscriptionKind.Push })
        {
            // A push subscription ends by the listener's answer, or by its silence.
            error = EwsErrors.InvalidPullSubscriptionId;
        }

        if (error is null)
        {
            subscriptions.Remove(subscription!, EwsErrors.SubscriptionUnsubscribed);
        }

        return new OperationResult.Response(ResponseFrame.Written(writer =>
        {
            if (error is null)
            {
                EwsResponseWriter.UnsubscribeResponse(writer);
            }
            else
            {
                EwsResponseWriter.ErrorResponse(writer, Name, error);
            }
        }));
    }
}
