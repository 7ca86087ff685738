using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What Exchange said to one operation.</summary>
internal abstract record EwsReply<T>
{
    private EwsReply()
    {
    }

    internal sealed record Success(T Value) : EwsReply<T>;

    /// <summary>A response message or SOAP fault with an error.</summary>
    internal sealed record Refused(EwsError Error) : EwsReply<T>;

    /// <summary>No envelope came, or none that can be read; the reason is one sentence for people.</summary>
    internal sealed record NoAnswer(string Reason, TimeSpan? WaitAtLeast) : EwsReply<T>;
}
