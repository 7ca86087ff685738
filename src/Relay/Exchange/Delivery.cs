namespace Relay.Exchange;

/// <summary>How far a subscription has come: shared by all that are served by one stream, one for each that is pulled or pushed.</summary>
internal sealed class Delivery
{
    private long _toldUpTo;

    /// <summary>
    /// By our clock: all that Exchange had queued then for these subscriptions is in the log, or known to be missing. A sign of life alone does
    /// not show that: it must have been made later than this.
    /// </summary>
    internal DateTimeOffset ToldUpTo
    {
        get => new(Volatile.Read(ref _toldUpTo), TimeSpan.Zero);
        set => Volatile.Write(ref _toldUpTo, value.UtcTicks);
    }
}
