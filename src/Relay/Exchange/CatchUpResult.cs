namespace Relay.Exchange;

/// <summary>What became of catching up with one mailbox.</summary>
internal abstract record CatchUpResult
{
    private CatchUpResult()
    {
    }

    /// <summary>The log now tells all that happened before; so many events of it were news.</summary>
    internal sealed record Done(int Events) : CatchUpResult;

    /// <summary>It could not be finished; what was found is kept, and the next attempt goes on from there.</summary>
    internal sealed record Later(string Reason) : CatchUpResult;
}
