namespace Relay.Exchange;

/// <summary>Which of the three EWS subscriptions carries the events to the relay.</summary>
internal enum ExchangeMode
{
    /// <summary>Long answers that Exchange keeps open; prompt, and needs no address of ours.</summary>
    Streaming,

    /// <summary>The relay asks again and again.</summary>
    Pull,

    /// <summary>Exchange calls the relay, which it must be able to reach.</summary>
    Push,
}
