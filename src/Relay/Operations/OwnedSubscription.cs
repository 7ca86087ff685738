using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>Finds a subscription for the principal who owns it; others learn only that it is not theirs.</summary>
internal abstract record OwnedSubscription
{
    private OwnedSubscription()
    {
    }

    public sealed record Found(Subscription Subscription) : OwnedSubscription;

    public sealed record Refused(EwsError Error) : OwnedSubscription;

    public static OwnedSubscription Find(IStoreTransaction transaction, OperationRequest request, string publicId)
    {
        var subscription = transaction.Subscriptions.FindByPublicId(publicId);
        if (subscription is null || subscription.State == SubscriptionState.Ended)
        {
            return new Refused(EwsErrors.SubscriptionNotFound);
        }

        return subscription.Principal == request.Principal.Name
            ? new Found(subscription)
            : new Refused(EwsErrors.SubscriptionAccessDenied);
    }
}
