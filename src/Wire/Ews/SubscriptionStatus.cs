namespace Relay.Wire.Ews;

/// <summary>A listener's answer to a push notification; case counts on the wire.</summary>
public enum SubscriptionStatus
{
    /// <summary><c>OK</c>: received, go on.</summary>
    OK,

    /// <summary><c>Unsubscribe</c>: received, send no more.</summary>
    Unsubscribe,
}
