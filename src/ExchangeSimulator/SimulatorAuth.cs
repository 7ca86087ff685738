namespace Relay.ExchangeSimulator;

/// <summary>How callers name themselves.</summary>
public enum SimulatorAuth
{
    /// <summary>User name and password; any password is right.</summary>
    Basic,

    /// <summary>An OAuth token; any token is right. The request must name its mailbox, by folder or impersonation.</summary>
    Bearer,
}
