using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What became of asking for a mailbox to be watched.</summary>
internal abstract record WatchResult
{
    private WatchResult()
    {
    }

    /// <summary>Every later event of these folders will be in the log of this mailbox.</summary>
    internal sealed record Watching(long MailboxId) : WatchResult;

    /// <summary>Exchange refuses, and would refuse again.</summary>
    internal sealed record Failed(EwsError Error) : WatchResult;

    /// <summary>Exchange cannot be asked now; the reason is one sentence for people.</summary>
    internal sealed record Unavailable(string Reason) : WatchResult;
}
