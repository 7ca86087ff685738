namespace Relay.Wire.Ews;

/// <summary>One envelope of a streaming response. Servers combine its parts freely, so each is read by itself.</summary>
/// <param name="Problem">Null while all is well; ErrorMissedNotificationEvents is a gap and not an end.</param>
/// <param name="Notifications">Empty for a heartbeat.</param>
/// <param name="ErrorSubscriptionIds">The ids that the problem is about; may be empty even so.</param>
/// <param name="Status">Null where the message does not tell.</param>
public sealed record EwsStreamMessage(
    EwsError? Problem,
    IReadOnlyList<EwsNotification> Notifications,
    IReadOnlyList<string> ErrorSubscriptionIds,
    ConnectionStatus? Status);
