using System.Buffers.Binary;
using Relay.Store;

namespace Relay.Subscriptions;

/// <summary>
/// Watermarks as subscribers see them: opaque base64 of the log's identity (16 octets) and a position in it (8 octets, big-endian). One
/// position counts for all mailboxes and subscriptions, so a watermark stays good across restarts, failovers of Exchange and a
/// move of the database, and one of another log is recognised.
/// </summary>
internal sealed class WatermarkCodec(Guid logId)
{
    private const int Length = 24;

    public string Encode(LogPosition position)
    {
        Span<byte> octets = stackalloc byte[Length];
        logId.TryWriteBytes(octets);
        BinaryPrimitives.WriteInt64BigEndian(octets[16..], position.Value);
        return Convert.ToBase64String(octets);
    }

    /// <summary>The position, or null for a watermark that this log did not make.</summary>
    public LogPosition? Decode(string watermark)
    {
        Span<byte> octets = stackalloc byte[Length];
        if (watermark.Length > 64
            || !Convert.TryFromBase64String(watermark, octets, out int written)
            || written != Length
            || new Guid(octets[..16]) != logId)
        {
            return null;
        }

        long position = BinaryPrimitives.ReadInt64BigEndian(octets[16..]);
        return position >= 0 ? new LogPosition(position) : null;
    }
}
