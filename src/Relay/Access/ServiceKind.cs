namespace Relay.Access;

/// <summary>What stands behind a service address.</summary>
internal enum ServiceKind
{
    /// <summary>Exchange notifications.</summary>
    Ews,

    /// <summary>The calendar sample.</summary>
    Calendar,

    /// <summary>A text about the services, for whoever writes.</summary>
    Help,

    /// <summary>The WSDL of the services, for whoever writes.</summary>
    Wsdl,
}
