using System.Buffers.Binary;

namespace Relay.Store.Segments;

/// <summary>
/// How a segment begins: magic (8), number (8), salt (8), the id of the database that it belongs to (16), CRC-32C of these (4), zero (4). The
/// first form, which is still read, lacks the id.
/// </summary>
/// <param name="Number">Of the segment, as in its name.</param>
/// <param name="Salt">Drawn for each segment.</param>
/// <param name="Owner">The id of the database; null in the first form.</param>
internal readonly record struct SegmentHeader(long Number, ulong Salt, Guid? Owner)
{
    /// <summary>Octets of what is written today.</summary>
    public const int Octets = 48;

    private const ulong Magic = 0x32_4C_4F_4F_50_53_59_52; // "RYSPOOL2"
    private const ulong FirstMagic = 0x31_4C_4F_4F_50_53_59_52; // "RYSPOOL1"
    private const int FirstOctets = 32;
    private const int ChecksumAndZero = 8;

    /// <summary>Octets before the first record.</summary>
    public int Length => Owner is null ? FirstOctets : Octets;

    /// <summary>Writes <see cref="Octets"/>; it has an owner.</summary>
    public void Write(Span<byte> header)
    {
        header[..Octets].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], Salt);
        Owner.GetValueOrDefault().TryWriteBytes(header[24..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], SegmentFormat.Checksum(uint.MaxValue, header[..40]));
    }

    /// <summary>False when it is no header, or of another segment.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, long number, out SegmentHeader header)
    {
        header = default;
        var magic = octets.Length < FirstOctets ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(octets);
        var length = magic == FirstMagic ? FirstOctets : magic == Magic ? Octets : 0;
        if (length == 0 || octets.Length < length)
        {
            return false;
        }

        var covered = octets[..(length - ChecksumAndZero)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(octets[covered.Length..]) != SegmentFormat.Checksum(uint.MaxValue, covered)
            || BinaryPrimitives.ReadInt64LittleEndian(octets[8..]) != number)
        {
            return false;
        }

        header = new SegmentHeader(
            number, BinaryPrimitives.ReadUInt64LittleEndian(octets[16..]), magic == Magic ? new Guid(octets[24..40]) : null);
        return true;
    }
}
