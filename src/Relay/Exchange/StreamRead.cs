using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What the next read of a stream brought.</summary>
internal abstract record StreamRead
{
    private StreamRead()
    {
    }

    internal sealed record Message(EwsStreamMessage Content) : StreamRead;

    /// <summary>The stream is over without having been closed; what was under way in it may be lost. The reason is one sentence.</summary>
    internal sealed record Broken(string Reason) : StreamRead;
}
