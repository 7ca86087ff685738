namespace Relay.Store;

/// <summary>Where an outgoing mail stands. The numbers are stored.</summary>
internal enum OutboxState
{
    /// <summary>Due now or at a time.</summary>
    Waiting = 0,

    /// <summary>In the hands of a worker until its lease runs out.</summary>
    Claimed = 1,

    /// <summary>The next hop took it; the note is its reply.</summary>
    Delivered = 2,

    /// <summary>Refused for good or tried too long; the note says why.</summary>
    GivenUp = 3,

    /// <summary>Ended by the operator; the note says so.</summary>
    Dropped = 4,
}
