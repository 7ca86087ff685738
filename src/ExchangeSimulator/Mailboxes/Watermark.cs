using System.Buffers.Binary;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>
/// A position in the event table in the shape that current servers give it: 29 octets of a version, the database, a counter and a one.
/// </summary>
internal static class Watermark
{
    private const int Length = 29;

    public static string Format(Guid database, long counter)
    {
        Span<byte> octets = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(octets, 1);
        database.TryWriteBytes(octets[4..]);
        BinaryPrimitives.WriteInt64LittleEndian(octets[20..], counter);
        octets[28] = 1;
        return Convert.ToBase64String(octets);
    }

    /// <summary>The counter of a watermark of this database; null for any other text.</summary>
    public static long? Parse(Guid database, string text)
    {
        Span<byte> octets = stackalloc byte[Length + 1];
        return Convert.TryFromBase64String(text.Trim(), octets, out var length)
            && length == Length
            && new Guid(octets[4..20]) == database
            ? BinaryPrimitives.ReadInt64LittleEndian(octets[20..])
            : null;
    }
}
