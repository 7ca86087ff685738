using System.Buffers.Binary;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>How far a client has synchronised one folder; good for that folder and this database only.</summary>
internal static class SyncState
{
    private const int Length = 32;

    public static string Format(Guid database, long folder, long number)
    {
        Span<byte> octets = stackalloc byte[Length];
        database.TryWriteBytes(octets);
        BinaryPrimitives.WriteInt64LittleEndian(octets[16..], folder);
        BinaryPrimitives.WriteInt64LittleEndian(octets[24..], number);
        return Convert.ToBase64String(octets);
    }

    /// <summary>The number up to which the client has seen everything: 0 for no state, null for one that is not good here.</summary>
    public static long? Parse(Guid database, long folder, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return 0;
        }

        Span<byte> octets = stackalloc byte[Length + 1];
        return Convert.TryFromBase64String(text.Trim(), octets, out var length)
            && length == Length
            && new Guid(octets[..16]) == database
            && BinaryPrimitives.ReadInt64LittleEndian(octets[16..]) == folder
            ? BinaryPrimitives.ReadInt64LittleEndian(octets[24..])
            : null;
    }
}
