using System.Collections.Frozen;

namespace Relay.Exchange;

/// <summary>What follows from a ResponseCode. Codes that stand in no list are refusals that another attempt does not change.</summary>
internal static class EwsErrorKinds
{
    /// <summary>A stream that has lost events but goes on.</summary>
    internal const string MissedEvents = "ErrorMissedNotificationEvents";

    /// <summary>An older stream of ours ends because a newer one was opened.</summary>
    internal const string Superseded = "ErrorNewEventStreamConnectionOpened";

    /// <summary>What EWS clients in use take for the end of a subscription, all of them together: only a new one helps.</summary>
    private static readonly FrozenSet<string> Dead = FrozenSet.ToFrozenSet(
    [
        "ErrorSubscriptionNotFound", "ErrorInvalidSubscription", "ErrorExpiredSubscription", "ErrorReadEventsFailed",
        "ErrorSubscriptionUnsubscribed", "ErrorSubscriptionAccessDenied", "ErrorSubscriptionDelegateAccessNotSupported",
        "ErrorInvalidPullSubscriptionId", "ErrorProxyRequestNotAllowed", "ErrorInvalidWatermark", "ErrorEventNotFound",
        "ErrorProxiedSubscriptionCallFailure",
    ]);

    private static readonly FrozenSet<string> Passing = FrozenSet.ToFrozenSet(
    [
        "ErrorServerBusy", "ErrorInternalServerError", "ErrorInternalServerTransientError", "ErrorMailboxMoveInProgress",
        "ErrorMailboxStoreUnavailable", "ErrorMailboxFailover", "ErrorTimeoutExpired", "ErrorBatchProcessingStopped",
        "ErrorExceededConnectionCount", "ErrorExceededSubscriptionCount", "ErrorNoRespondingCASInDestinationSite",
        "ErrorProxyRequestNotAllowed", "ErrorProxiedSubscriptionCallFailure", "ErrorClientDisconnected", "ErrorInsufficientResources",
    ]);

    /// <summary>The subscription is of no use any more.</summary>
    internal static bool IsDeadSubscription(string code) => Dead.Contains(code);

    /// <summary>The same request may succeed later.</summary>
    internal static bool IsPassing(string code) => Passing.Contains(code);

    /// <summary>The folder is gone.</summary>
    internal static bool IsLostFolder(string code) => code is "ErrorFolderNotFound" or "ErrorItemNotFound";

    internal static bool IsLostSyncState(string code) => code is "ErrorInvalidSyncStateData";
}
