using System.Text.RegularExpressions;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Bounces;

/// <summary>
/// Judges by RFC 3463 §3: what is about the address or its domain is hard; what is about the mail, the mailbox's state or the way is soft. Where
/// a server says less, its words are looked at.
/// </summary>
internal static partial class BounceKinds
{
    public static BounceKind Of(RecipientStatus status) => status.Action switch
    {
        DeliveryAction.Failed => OfFailure(status.Status, status.Diagnostic),
        DeliveryAction.Delivered => BounceKind.Arrived,
        DeliveryAction.Delayed or DeliveryAction.Relayed or DeliveryAction.Expanded or DeliveryAction.Unknown => BounceKind.None,
        _ => throw new InvalidOperationException("The actions are closed."),
    };

    /// <param name="status">Of class 4 too: tried too long.</param>
    /// <param name="words">What the server said.</param>
    public static BounceKind OfFailure(EnhancedStatus? status, string? words) => status switch
    {
        { Class: 4 } => BounceKind.Soft,
        { Subject: 1, Detail: 7 or 8 } => BounceKind.Soft, // our address, not theirs
        { Subject: 1 } => BounceKind.Hard, // no such mailbox, no such domain, moved
        { Subject: 2, Detail: 1 } => BounceKind.Hard, // the mailbox is disabled
        { Subject: 4, Detail: 1 or 4 } => BounceKind.Hard, // no host takes mail for the domain; Exchange Online says 5.4.1 of unknown addresses
        { Subject: 0 or 2, Detail: 0 } or null => NamesNobody().IsMatch(words ?? "") ? BounceKind.Hard : BounceKind.Soft,
        _ => BounceKind.Soft,
    };

    [GeneratedRegex(
        @"\b(5\.1\.[0-6]|5\.1\.10|user unknown|unknown user|unknown recipient|no such (user|recipient|mailbox|address)|no mailbox here|recipient not found|(user|mailbox|address|recipient|account) (does not|doesn't) exist|not a valid (mailbox|recipient|user)|unrouteable address|host or domain name not found|domain not found|mailbox (is )?(disabled|inactive))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamesNobody();
}
