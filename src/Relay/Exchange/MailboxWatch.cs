using Relay.Store;

namespace Relay.Exchange;

/// <summary>
/// One watched mailbox while the relay runs: the EWS subscription it has, and what must be done before its events are known to be
/// complete. Its <see cref="WatchGroup"/> guards it.
/// </summary>
internal sealed class MailboxWatch(long mailboxId, string address, string? leftover, Backoff backoff)
{
    private readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal long MailboxId => mailboxId;

    internal string Address => address;

    /// <summary>The waits of this mailbox alone: one that Exchange refuses does not hold up the others.</summary>
    internal Backoff Backoff => backoff;

    /// <summary>The EWS subscription, alive or not; at the start the one that an earlier run left.</summary>
    internal string? SubscriptionId { get; set; } = leftover;

    /// <summary>The subscription is not good, or may have told events into a connection that was cut: only a new one helps.</summary>
    internal bool NeedsSubscription { get; set; } = true;

    /// <summary>Events may have been missed since the stored sync states.</summary>
    internal bool NeedsCatchUp { get; set; } = true;

    /// <summary>Nothing was missed, but the sync states are to be moved forward.</summary>
    internal bool NeedsAdvance { get; set; }

    /// <summary>How far its subscription has come; null while nobody listens to it.</summary>
    internal Delivery? Delivery { get; set; }

    /// <summary>The latest time stamp that its subscription told, by Exchange's clock.</summary>
    internal DateTimeOffset LatestEvent { get; set; }

    /// <summary>Rings when it is told something, and when it has another need.</summary>
    internal Bell News { get; } = new();

    /// <summary>Pull and push: the last that Exchange told; null from servers that have none. Touched by one at a time.</summary>
    internal string? Watermark { get; set; }

    /// <summary>Pull: someone asks for its events.</summary>
    internal bool IsPolling { get; set; }

    internal TimeSpan PollInterval { get; set; }

    internal DateTimeOffset NextPoll { get; set; }

    /// <summary>Pull: how often in a row Exchange has refused its events.</summary>
    internal int Refusals { get; set; }

    /// <summary>Push: when Exchange called last, or was asked to.</summary>
    internal DateTimeOffset LastHeard { get; set; }

    /// <summary>Push: between which watermarks the last notification stood, by which a repeated one is known.</summary>
    internal (string? Previous, string? Last) LastPush { get; set; }

    /// <summary>Push: one call at a time, so that they are taken in one order.</summary>
    internal SemaphoreSlim PushGate { get; } = new(1);

    /// <summary>Folders whose last item was mail that the relay made, and when; locked while it is touched.</summary>
    internal Dictionary<string, DateTimeOffset> OwnFolders { get; } = new(StringComparer.Ordinal);

    /// <summary>Exchange refused to say whose its mail is: not to be asked again before.</summary>
    internal DateTimeOffset AskNotBefore { get; set; }

    /// <summary>When it was first told an event that its sync states do not hold; null when they hold all that is told.</summary>
    internal DateTimeOffset? FirstUnsettled { get; set; }

    /// <summary>
    /// It was told that an item has left a search folder, as one that is thrown away does: the folder where it was is told nothing, and only its
    /// synchronisation shows it.
    /// </summary>
    internal bool IsPressing { get; set; }

    /// <summary>When its sync states were last moved forward for no other reason.</summary>
    internal DateTimeOffset LastSettled { get; set; }

    /// <summary>Catching up has had its turn since the subscription was made, so that what it finds stands before what is new.</summary>
    internal bool IsReady
    {
        get;
        set
        {
            field = value;
            if (value)
            {
                _firstReady.TrySetResult();
            }
        }
    }

    /// <summary>Completes when it is ready for the first time: what happens from then on is told as it happens.</summary>
    internal Task FirstReady => _firstReady.Task;

    /// <summary>Someone is at work on its needs.</summary>
    internal bool IsPreparing { get; set; }

    /// <summary>After a failure: not to be tried again before.</summary>
    internal DateTimeOffset NotBefore { get; set; }

    internal bool HasNeed => NeedsSubscription || NeedsCatchUp || NeedsAdvance;

    internal void Distrust()
    {
        NeedsSubscription = true;
        NeedsCatchUp = true;
        IsReady = false;
        Delivery = null;
        LatestEvent = default;
        News.Ring();
    }
}
