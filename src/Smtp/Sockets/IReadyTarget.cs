namespace Relay.Smtp.Sockets;

/// <summary>What a loop watches.</summary>
internal interface IReadyTarget
{
    /// <summary>Called on the loop's thread, which serves many: it must not block.</summary>
    void OnReady(uint events);
}
