namespace Relay.Access;

/// <summary>What stands behind a service address.</summary>
internal enum ServiceKind
{
    /// <summary>Exchange notifications.</summary>
    Ews,

    /// <summary>The calendar sample.</summary>
    Calendar,
}
