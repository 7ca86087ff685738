using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Relay.Store;

namespace Relay.Bounces;

/// <summary>
/// ENVID of our notifications (RFC 3461 §4.4): 32 hexadecimal digits, the key under which the store finds the Message-ID and a keyed hash of it.
/// A report carries it back even where it does not return the mail.
/// </summary>
internal sealed class EnvelopeIds(byte[] key)
{
    private const int Half = 8;

    public string Create(string messageId) => Create(TextKey.Of(messageId));

    /// <summary>The key of the Message-ID, or null for an id that we did not make.</summary>
    public long? Read(string? envelopeId)
    {
        if (envelopeId is not { Length: 4 * Half }
            || !long.TryParse(envelopeId.AsSpan(0, 2 * Half), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long messageKey))
        {
            return null;
        }

        return string.Equals(Create(messageKey), envelopeId, StringComparison.OrdinalIgnoreCase) ? messageKey : null;
    }

    private string Create(long messageKey)
    {
        Span<byte> octets = stackalloc byte[2 * Half];
        Span<byte> input = [0, 0, 0, 0, 0, 0, 0, 0, (byte)'e', (byte)'n', (byte)'v', (byte)'i', (byte)'d'];
        BinaryPrimitives.WriteInt64BigEndian(input, messageKey);
        input[..Half].CopyTo(octets);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input, hash);
        hash[..Half].CopyTo(octets[Half..]);
        return Convert.ToHexStringLower(octets);
    }
}
