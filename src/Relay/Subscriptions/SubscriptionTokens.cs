using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Relay.Subscriptions;

/// <summary>
/// Tokens in the addresses that we make for one subscription (<c>bounce+TOKEN</c>, <c>unsubscribe+TOKEN</c>): the subscription's number and
/// a keyed hash of number and purpose, in hexadecimal because relays may fold the case of a local part. Nobody else can make one.
/// </summary>
internal sealed class SubscriptionTokens(byte[] key)
{
    private const int HashLength = 12;
    private const int Length = sizeof(long) + HashLength;

    public string Create(long subscriptionId, string purpose)
    {
        Span<byte> octets = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(octets, subscriptionId);
        Hash(subscriptionId, purpose, octets[sizeof(long)..]);
        return Convert.ToHexStringLower(octets);
    }

    /// <summary>The subscription's number, or null for a token that is not ours or was made for another purpose.</summary>
    public long? Read(string token, string purpose)
    {
        Span<byte> octets = stackalloc byte[Length];
        if (token.Length != 2 * Length || Convert.FromHexString(token, octets, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return null;
        }

        long subscriptionId = BinaryPrimitives.ReadInt64BigEndian(octets);
        Span<byte> expected = stackalloc byte[HashLength];
        Hash(subscriptionId, purpose, expected);
        return CryptographicOperations.FixedTimeEquals(expected, octets[sizeof(long)..]) ? subscriptionId : null;
    }

    private void Hash(long subscriptionId, string purpose, Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[sizeof(long) + 32];
        BinaryPrimitives.WriteInt64BigEndian(input, subscriptionId);
        int length = sizeof(long) + System.Text.Encoding.ASCII.GetBytes(purpose, input[sizeof(long)..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input[..length], hash);
        hash[..HashLength].CopyTo(destination);
    }
}
