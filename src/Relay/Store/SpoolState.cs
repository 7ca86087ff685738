namespace Relay.Store;

/// <summary>Where a spooled mail stands. The numbers are stored.</summary>
internal enum SpoolState
{
    /// <summary>Due now or at a time.</summary>
    Waiting = 0,

    /// <summary>In the hands of a worker until its lease runs out.</summary>
    Claimed = 1,

    /// <summary>Settled; the note says with what outcome.</summary>
    Done = 2,

    /// <summary>Failed too often; the operator's.</summary>
    SetAside = 3,
}
