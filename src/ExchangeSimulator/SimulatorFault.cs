namespace Relay.ExchangeSimulator;

/// <summary>What can be made to go wrong on order; each order is for a number of occasions.</summary>
public enum SimulatorFault
{
    /// <summary>The SOAP fault ErrorServerBusy with BackOffMilliseconds, which is the order's delay.</summary>
    ServerBusy,

    /// <summary>ErrorServerBusy as a response message.</summary>
    ServerBusyMessage,

    /// <summary>The SOAP fault ErrorSchemaValidation, as if the request were wrong.</summary>
    SchemaViolation,

    /// <summary>The SOAP fault ErrorInternalServerTransientError.</summary>
    TransientError,

    /// <summary>Status 401, as for a wrong password.</summary>
    Unauthorized,

    /// <summary>Status 403, as where a policy blocks EWS.</summary>
    Forbidden,

    /// <summary>Status 503 with Retry-After, which is the order's delay.</summary>
    Unavailable,

    /// <summary>A redirect to the page that Exchange shows when it is upset.</summary>
    ErrorPage,

    /// <summary>The connection drops before the request is run.</summary>
    DropRequest,

    /// <summary>The request is run, and the connection drops before the answer.</summary>
    DropAnswer,

    /// <summary>The answer comes only after the order's delay.</summary>
    Stall,

    /// <summary>The answer is compressed, a stream too.</summary>
    Gzip,

    /// <summary>The connection drops in the middle of an envelope that holds events.</summary>
    StreamDrop,

    /// <summary>The stream ends cleanly, but without Closed.</summary>
    StreamNoClosed,

    /// <summary>The events that are due are lost and ErrorMissedNotificationEvents says so.</summary>
    StreamMissedEvents,

    /// <summary>An envelope comes octet by octet, spread over the order's delay.</summary>
    StreamSlow,

    /// <summary>Two envelopes come in one write.</summary>
    StreamCoalesced,

    /// <summary>The stream falls silent without an end: no events and no heartbeats.</summary>
    StreamSilence,

    /// <summary>GetEvents answers ErrorInvalidWatermark, as when the watermark has aged out.</summary>
    AgedWatermark,

    /// <summary>The subscription is unknown to the server that got the request.</summary>
    SubscriptionLost,

    /// <summary>A push notification is sent twice.</summary>
    PushDuplicate,

    /// <summary>A push notification is sent after the next one.</summary>
    PushReorder,

    /// <summary>A push notification is never sent, and the next does not say so but by its PreviousWatermark.</summary>
    PushLost,
}
