using System.Buffers.Binary;
using System.Text;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>Ids and change keys of the length and look of real ones.</summary>
internal static class ObjectIds
{
    /// <summary>An id: a format mark, the mailbox as text, and an entry id that ends in the object's number.</summary>
    public static string Create(Guid mailbox, Guid database, long number, bool isFolder)
    {
        var owner = Encoding.ASCII.GetBytes(mailbox.ToString());
        var octets = new byte[4 + owner.Length + 3 + 46];
        octets[1] = 3;
        octets[2] = (byte)owner.Length;
        owner.CopyTo(octets, 4);
        var entry = octets.AsSpan(4 + owner.Length);
        entry[1] = 46;
        database.TryWriteBytes(entry[7..]);
        entry[23] = isFolder ? (byte)1 : (byte)7;
        mailbox.TryWriteBytes(entry[25..]);
        BinaryPrimitives.WriteInt64BigEndian(entry[41..], number);
        return Convert.ToBase64String(octets);
    }

    /// <summary>A version: a stub that names the type, and 22 octets that change with every version.</summary>
    public static string ChangeKey(string stub, Guid database, long number)
    {
        Span<byte> octets = stackalloc byte[30];
        Convert.TryFromBase64String(stub, octets, out _);
        octets[4] = 22;
        database.TryWriteBytes(octets[8..]);
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, number);
        counter[2..].CopyTo(octets[24..]);
        return Convert.ToBase64String(octets);
    }

    /// <summary>Whether a text could be an id of any server.</summary>
    public static bool IsWellFormed(string id)
    {
        var octets = new byte[id.Length];
        return Convert.TryFromBase64String(id, octets, out var length) && length > 16;
    }
}
