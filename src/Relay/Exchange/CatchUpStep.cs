namespace Relay.Exchange;

/// <summary>What became of one part of a catch-up.</summary>
internal abstract record CatchUpStep
{
    private CatchUpStep()
    {
    }

    internal sealed record Done : CatchUpStep;

    /// <summary>Exchange refuses this folder; the others can go on.</summary>
    internal sealed record Refused(string Reason) : CatchUpStep;

    /// <summary>Exchange cannot be asked now.</summary>
    internal sealed record Hindered(string Reason) : CatchUpStep;
}
