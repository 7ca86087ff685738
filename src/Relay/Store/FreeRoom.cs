namespace Relay.Store;

/// <summary>How much room a disk has left.</summary>
internal static class FreeRoom
{
    /// <summary>Octets; null where nobody can say: a share of Windows (<c>\\server\share</c>) is no drive, and DriveInfo takes its name for a wrong argument.</summary>
    /// <exception cref="IOException">The disk cannot be asked.</exception>
    public static long? Of(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
