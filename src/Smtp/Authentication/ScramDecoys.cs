using System.Security.Cryptography;
using System.Text;

namespace Relay.Smtp.Authentication;

/// <summary>Credentials for accounts that do not exist: always the same for a name, so that asking twice tells nothing (RFC 5802 §9).</summary>
internal sealed class ScramDecoys(byte[] key)
{
    public ScramCredentials For(string account)
    {
        var seed = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(account));
        return new ScramCredentials(seed.AsMemory(0, 16), ScramCredentials.DefaultIterations, HMACSHA256.HashData(key, seed), seed);
    }
}
