namespace Relay.Exchange;

/// <summary>What became of moving the sync states of one mailbox forward.</summary>
internal abstract record AdvanceResult
{
    private AdvanceResult()
    {
    }

    /// <summary>They hold now what was told; so many events that should have been told were not, and are now.</summary>
    internal sealed record Done(int Events) : AdvanceResult;

    /// <summary>Nothing is known to be wrong: another time.</summary>
    internal sealed record Later : AdvanceResult;

    /// <summary>Only catching up helps.</summary>
    internal sealed record Lost : AdvanceResult;
}
