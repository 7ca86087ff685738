namespace Relay.Exchange;

/// <summary>How a stream came to its end.</summary>
internal enum StreamEnd
{
    /// <summary>The server closed it in order; its subscriptions collect events meanwhile.</summary>
    Closed,

    /// <summary>Another stream was opened for one of its subscriptions. All that this one was given has arrived.</summary>
    Superseded,

    /// <summary>Anything else: events may have been told into it that did not arrive.</summary>
    Broken,
}
