namespace Relay.Store;

/// <summary>The store cannot do its work now; what was asked is undone and may be asked again later.</summary>
internal sealed class StoreUnavailableException(StoreFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What hinders it; the front door says 452 for <see cref="StoreFault.Full"/> and 451 for the others.</summary>
    public StoreFault Fault { get; } = fault;
}
