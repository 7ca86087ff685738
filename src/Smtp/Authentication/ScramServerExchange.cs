using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Smtp.Authentication;

/// <summary>The server's half of SCRAM-SHA-256 (RFC 5802 §3, RFC 7677 §3), without channel binding.</summary>
internal sealed class ScramServerExchange
{
    private readonly string _header;
    private readonly string _clientFirstBare;
    private readonly string _clientNonce;
    private string _serverFirst = "";
    private string _nonce = "";
    private ScramCredentials? _credentials;

    private ScramServerExchange(string account, string header, string clientFirstBare, string clientNonce)
    {
        Account = account;
        _header = header;
        _clientFirstBare = clientFirstBare;
        _clientNonce = clientNonce;
    }

    /// <summary>Who the client says it is.</summary>
    public string Account { get; }

    /// <summary>Reads the client's first message: <c>n,,n=user,r=nonce</c>.</summary>
    public static bool TryBegin(string clientFirst, [NotNullWhen(true)] out ScramServerExchange? exchange)
    {
        exchange = null;
        var parts = clientFirst.Split(',', 3);
        // RFC 5802 §6: "p" asks for channel binding, which is not offered. An identity to act as is not to be had either.
        if (parts.Length != 3 || parts[0] is not ("n" or "y") || parts[1].Length > 0)
        {
            return false;
        }

        // RFC 5802 §5.1: "m" is an extension that nobody knows, and then the exchange fails.
        if (parts[2].StartsWith("m=", StringComparison.Ordinal)
            || !ScramAttributes.TryGet(parts[2], 'n', out var name) || !ScramAttributes.TryUnescape(name, out var account) || account.Length == 0
            || !ScramAttributes.TryGet(parts[2], 'r', out var nonce) || nonce.Length == 0)
        {
            return false;
        }

        exchange = new ScramServerExchange(account, $"{parts[0]},,", parts[2], nonce);
        return true;
    }

    /// <summary>The challenge.</summary>
    /// <param name="credentials">Those of the account; made-up ones where there is none.</param>
    /// <param name="serverNonce">Never used before; printable, without a comma.</param>
    public string Challenge(ScramCredentials credentials, string serverNonce)
    {
        _credentials = credentials;
        _nonce = _clientNonce + serverNonce;
        _serverFirst = string.Create(
            CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(credentials.Salt.Span)},i={credentials.Iterations}");
        return _serverFirst;
    }

    /// <summary>Checks the proof; the signature lets the client check us.</summary>
    public bool TryFinish(string clientFinal, out string serverFinal)
    {
        serverFinal = "";
        var credentials = _credentials ?? throw new InvalidOperationException("No challenge was made.");
        var end = clientFinal.LastIndexOf(",p=", StringComparison.Ordinal);
        if (end < 0
            || !ScramAttributes.TryGet(clientFinal, 'c', out var binding) || binding != Convert.ToBase64String(Encoding.UTF8.GetBytes(_header))
            || !ScramAttributes.TryGet(clientFinal, 'r', out var nonce) || nonce != _nonce)
        {
            return false;
        }

        var proof = new byte[SHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64String(clientFinal[(end + 3)..], proof, out var length) || length != proof.Length)
        {
            return false;
        }

        var message = Encoding.UTF8.GetBytes($"{_clientFirstBare},{_serverFirst},{clientFinal[..end]}");
        var signature = HMACSHA256.HashData(credentials.StoredKey.Span, message);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= signature[i];
        }

        serverFinal = $"v={Convert.ToBase64String(HMACSHA256.HashData(credentials.ServerKey.Span, message))}";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(proof), credentials.StoredKey.Span);
    }
}
