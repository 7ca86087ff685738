namespace Relay.Wire.Ews;

/// <summary>What a streaming message says of its connection.</summary>
public enum ConnectionStatus
{
    /// <summary><c>OK</c>: open; also the heartbeat.</summary>
    OK,

    /// <summary><c>Closed</c>: the last message; the subscription lives on unless the message is an error.</summary>
    Closed,
}
