namespace Relay.Store;

/// <summary>One bell for each kind of row that a stage waits for. Rows left by another process ring none: wait with a bound.</summary>
internal sealed class Bells
{
    public Bell Spool { get; } = new();

    public Bell Outbox { get; } = new();

    public Bell Events { get; } = new();
}
