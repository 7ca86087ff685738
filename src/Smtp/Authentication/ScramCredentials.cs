using System.Security.Cryptography;
using System.Text;

namespace Relay.Smtp.Authentication;

/// <summary>What a server keeps of a password (RFC 5802 §3): it proves the password and cannot be used in its place.</summary>
/// <param name="Salt">16 octets or more, random for each account.</param>
/// <param name="Iterations">4,096 or more (RFC 7677 §4).</param>
/// <param name="StoredKey">H(ClientKey), 32 octets.</param>
/// <param name="ServerKey">32 octets.</param>
public sealed record ScramCredentials(ReadOnlyMemory<byte> Salt, int Iterations, ReadOnlyMemory<byte> StoredKey, ReadOnlyMemory<byte> ServerKey)
{
    /// <summary>The count used where nothing else is said.</summary>
    public const int DefaultIterations = 4096;

    /// <summary>Derives them from a password; slow on purpose.</summary>
    public static ScramCredentials Create(string password, ReadOnlySpan<byte> salt, int iterations = DefaultIterations)
    {
        var salted = SaltedPassword(password, salt, iterations);
        return new ScramCredentials(
            salt.ToArray(),
            iterations,
            SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8)),
            HMACSHA256.HashData(salted, "Server Key"u8));
    }

    /// <summary>Hi(password, salt, i) of RFC 5802 §2.2, which is PBKDF2 with HMAC.</summary>
    internal static byte[] SaltedPassword(string password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
}
