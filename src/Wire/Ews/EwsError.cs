namespace Relay.Wire.Ews;

/// <summary>An error as a response message or the detail of a fault tells it.</summary>
/// <param name="ResponseCode">Such as <c>ErrorSubscriptionNotFound</c>. Decisions rest on it alone.</param>
/// <param name="MessageText">For people; servers append details after <c>., </c>.</param>
public sealed record EwsError(string ResponseCode, string MessageText)
{
    /// <summary>The whole request failed with a SOAP fault, else one response message says the error.</summary>
    public bool IsFault { get; init; }

    /// <summary>How long a throttled caller shall wait; null where the server leaves it to the caller.</summary>
    public TimeSpan? BackOff { get; init; }

    /// <summary>The subscription that an error push or a gap names in MessageXml; null elsewhere.</summary>
    public string? SubscriptionId { get; init; }
}
