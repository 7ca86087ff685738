using Relay.Bounces;
using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>How much a refusal by the smarthost itself says of an address.</summary>
internal static class UndeliveredKinds
{
    public static BounceKind Of(DeliveryOutcome.Refused refused) => refused.Stage == DeliveryStage.Recipient
        ? BounceKinds.OfFailure(refused.Reply.Status, refused.Reply.ToString())
        : BounceKind.Soft; // the mail was refused, not whom it was for
}
