namespace Relay.Store;

/// <summary>What <see cref="StoreTally"/> counts.</summary>
internal enum TallyItem
{
    /// <summary>Transactions, each with one fsync at most.</summary>
    Commits,

    /// <summary>Callers that shared them.</summary>
    CommitMembers,

    Spooled,

    Handled,

    SetAside,

    OutboxAdded,

    Delivered,

    Deferred,

    /// <summary>Given back untried, as while the smarthost is away.</summary>
    PutBack,

    GivenUp,

    Dropped,

    Events,

    EventsCaughtUp,

    Gaps,
}
