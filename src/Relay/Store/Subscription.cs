using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Store;

/// <summary>A subscription as it stands.</summary>
/// <param name="Cursor">The last position communicated.</param>
/// <param name="Sequence">The number of its last mail; 0 before the first.</param>
/// <param name="EndReason">Why it is not active.</param>
/// <param name="LastActivityAt">The owner's last request (pull) or our last mail (push).</param>
/// <param name="Settings">Whatever else the subscriber chose, as text that only Subscriptions reads.</param>
internal sealed record Subscription(
    long Id,
    string PublicId,
    string Principal,
    SubscriptionKind Kind,
    long MailboxId,
    bool AllFolders,
    IReadOnlyList<SubscribedFolder> Folders,
    EwsEventTypes EventTypes,
    int PeriodMinutes,
    string NotifyAddress,
    string ServiceAddress,
    SoapVersion Version,
    string? RootMessageId,
    LogPosition Cursor,
    long Sequence,
    SubscriptionState State,
    string? EndReason,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastActivityAt,
    string? Settings);
