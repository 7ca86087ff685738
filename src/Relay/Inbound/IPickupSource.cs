namespace Relay.Inbound;

/// <summary>A mailbox that mails are taken from. Nobody else writes to what it has listed until it is disposed.</summary>
internal interface IPickupSource : IDisposable
{
    /// <summary>What lies there, oldest first.</summary>
    IReadOnlyList<PickupMail> Mails { get; }

    /// <summary>Removes all that was listed, for good: on stable storage when it returns.</summary>
    /// <param name="kept">Those that could not be taken, which are left to the operator: where they lie, or else beside it.</param>
    /// <exception cref="IOException">It cannot be removed; what is left will be listed again.</exception>
    void Remove(IReadOnlyCollection<PickupMail> kept);
}
