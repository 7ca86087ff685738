using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Store;

/// <summary>A subscription to be added. Its sequence begins at 0, its state is active.</summary>
/// <param name="PublicId">What the subscriber calls it; opaque and not to be guessed.</param>
/// <param name="PeriodMinutes">Timeout of a pull, StatusFrequency of a push subscription.</param>
/// <param name="NotifyAddress">Where its mail goes.</param>
/// <param name="ServiceAddress">The address that was asked, and that its mail comes from.</param>
/// <param name="RootMessageId">The Subscribe's Message-ID as it came.</param>
/// <param name="Cursor">The last position that the subscriber need not hear of.</param>
/// <param name="Settings">Whatever else the subscriber chose, as text that only Subscriptions reads.</param>
internal sealed record NewSubscription(
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
    DateTimeOffset CreatedAt,
    string? Settings = null);
