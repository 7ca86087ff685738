using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Smtp.Authentication;

/// <summary>The client's half of SCRAM-SHA-256 (RFC 5802 §3, RFC 7677 §3), without channel binding.</summary>
internal sealed class ScramClientExchange(string account, string password, string nonce)
{
    // A server that asks for more keeps us busy rather than safe.
    private const int MaxIterations = 1_000_000;

    private byte[] _serverSignature = [];

    private string FirstBare => $"n={ScramAttributes.Escape(account)},r={nonce}";

    /// <summary>The first message.</summary>
    public string Begin() => $"n,,{FirstBare}";

    /// <summary>Answers the challenge; false where it is none, or asks for too little or too much work.</summary>
    public bool TryAnswer(string serverFirst, [NotNullWhen(true)] out string? clientFinal)
    {
        clientFinal = null;
        if (!ScramAttributes.TryGet(serverFirst, 'r', out var fullNonce) || !fullNonce.StartsWith(nonce, StringComparison.Ordinal)
            || fullNonce.Length == nonce.Length
            || !ScramAttributes.TryGet(serverFirst, 's', out var saltText) || !SaslText.TryDecode(saltText, out var salt)
            || !ScramAttributes.TryGet(serverFirst, 'i', out var count)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < ScramCredentials.DefaultIterations or > MaxIterations)
        {
            return false;
        }

        var salted = ScramCredentials.SaltedPassword(password, salt, iterations);
        var withoutProof = $"c=biws,r={fullNonce}";
        var message = Encoding.UTF8.GetBytes($"{FirstBare},{serverFirst},{withoutProof}");
        var proof = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(proof), message);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= signature[i];
        }

        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message);
        clientFinal = $"{withoutProof},p={Convert.ToBase64String(proof)}";
        return true;
    }

    /// <summary>RFC 5802 §3: whether the server knows the password too.</summary>
    public bool IsServersProof(string serverFinal) =>
        ScramAttributes.TryGet(serverFinal, 'v', out var text)
        && SaslText.TryDecode(text, out var signature)
        && CryptographicOperations.FixedTimeEquals(signature, _serverSignature);
}
