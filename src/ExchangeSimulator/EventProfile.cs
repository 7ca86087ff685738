namespace Relay.ExchangeSimulator;

/// <summary>Which generation of Exchange decides what an action raises; they differ in deletions and copies.</summary>
public enum EventProfile
{
    /// <summary>2013 and later, and the cloud: a copy is a creation, a soft deletion a move to the dumpster.</summary>
    Exchange2013,

    /// <summary>2010: a copy raises CopiedEvent, every deletion DeletedEvent.</summary>
    Exchange2010,
}
