namespace Relay.Bounces;

/// <summary>What a report says of an address.</summary>
internal enum BounceKind
{
    /// <summary>Nothing yet: delayed, passed on.</summary>
    None,

    /// <summary>It arrived.</summary>
    Arrived,

    /// <summary>This mail failed; the next may not.</summary>
    Soft,

    /// <summary>No mail will arrive there.</summary>
    Hard,
}
