namespace Relay.Inbound;

/// <summary>A mailbox that mails are taken from. Nobody else writes to what it has listed until it is disposed.</summary>
internal interface IPickupSource : IDisposable
{
    /// <summary>What lies there, oldest first: a name that the same mail has again after a crash, and how to read it.</summary>
    IReadOnlyList<(string Name, Func<byte[]> Read)> Mails { get; }

    /// <summary>Removes all that was listed, for good: on stable storage when it returns.</summary>
    /// <exception cref="IOException">It cannot be removed; what is left will be listed again.</exception>
    void Remove();
}
