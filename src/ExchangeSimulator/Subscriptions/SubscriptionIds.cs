using System.Buffers.Binary;
using System.Text;

namespace Relay.ExchangeSimulator.Subscriptions;

/// <summary>
/// Ids in the shape of current servers: the server's name, a GUID, the moment of the Subscribe and the mailbox, each with its length in
/// front where it needs one.
/// </summary>
internal static class SubscriptionIds
{
    public static string Create(string server, Guid subscription, DateTimeOffset now, Guid mailbox)
    {
        var name = Encoding.ASCII.GetBytes(server);
        var octets = new byte[2 + name.Length + 4 + 16 + 8 + 4 + 16];
        BinaryPrimitives.WriteUInt16LittleEndian(octets, (ushort)name.Length);
        name.CopyTo(octets, 2);
        var rest = octets.AsSpan(2 + name.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(rest, 16);
        subscription.TryWriteBytes(rest[4..]);
        BinaryPrimitives.WriteInt64LittleEndian(rest[20..], now.UtcDateTime.ToBinary());
        BinaryPrimitives.WriteUInt32LittleEndian(rest[28..], 16);
        mailbox.TryWriteBytes(rest[32..]);
        return Convert.ToBase64String(octets);
    }
}
