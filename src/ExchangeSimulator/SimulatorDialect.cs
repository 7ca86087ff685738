namespace Relay.ExchangeSimulator;

/// <summary>Departures of other servers and versions, each of which a liberal reader has to bear. All are off by default.</summary>
public sealed class SimulatorDialect
{
    /// <summary>Streams write t:Notification, as the schema has it, instead of m:Notification.</summary>
    public bool NotificationInTypes { get; set; }

    /// <summary>ErrorSubscriptionIds holds t:SubscriptionId, as the schema has it.</summary>
    public bool ErrorIdsInTypes { get; set; }

    /// <summary>Notifications, ErrorSubscriptionIds and ConnectionStatus share one message, as gromox does.</summary>
    public bool CombinedMessages { get; set; }

    /// <summary>Streams write MoreEvents.</summary>
    public bool MoreEventsInStreams { get; set; }

    /// <summary>No watermarks anywhere, as gromox does.</summary>
    public bool NoWatermarks { get; set; }

    /// <summary>Each streamed envelope begins with a declaration.</summary>
    public bool DeclarationsInStreams { get; set; }

    /// <summary>exchangelib writes the Watermark of a Subscribe in the wrong namespace; take it for right.</summary>
    public bool LenientWatermark { get; set; }
}
