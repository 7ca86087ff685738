using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Access;

/// <summary>
/// <c>Relay-Token: t=…; h=…</c>: an HMAC-SHA-256 in hexadecimal, with a secret that the subscriber shares with us, over the time (seconds since
/// 1970), the From address in lower case, the request's id as written and the SHA-256 of the envelope in hexadecimal, each on a line.
/// </summary>
/// <remarks>
/// The id is covered, so a repeated mail is the same request, which the journal answers without executing it. The window bounds what reading
/// requests can be repeated for; it is days, since mail may be that late.
/// </remarks>
internal static class TokenProof
{
    public const string Field = "Relay-Token";

    /// <summary>How far a subscriber's clock may be ahead of ours.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);

    public static bool Holds(SubscriberEntry entry, MailEvidence mail)
    {
        if (entry.Secret is not { } secret || mail is not { HasAuthor: true, RequestId: { } id, Envelope: { } envelope }
            || mail.Headers.CountOf(Field) != 1 || !TryRead(mail.Headers.Text(Field) ?? "", out string time, out byte[] given)
            || !IsWithinWindow(time, entry.ProofWindow, mail.ReceivedAt))
        {
            return false;
        }

        byte[] expected = Compute(secret, time, mail.Sender.ToString(), id, envelope.Span);
        return CryptographicOperations.FixedTimeEquals(expected, given);
    }

    /// <param name="secret">Octets of the secret.</param>
    /// <param name="time">As in the field.</param>
    /// <param name="from">The From address.</param>
    /// <param name="id">The field's value, octets as Latin-1 characters.</param>
    /// <param name="envelope">From its XML declaration, or its first tag, to its last.</param>
    public static byte[] Compute(ReadOnlySpan<byte> secret, string time, string from, string id, ReadOnlySpan<byte> envelope)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Canonical(envelope)));
        using var text = new MemoryStream();
        text.Write(Encoding.UTF8.GetBytes($"{time}\n{from.ToLowerInvariant()}\n"));
        text.Write(Encoding.Latin1.GetBytes(id));
        text.Write(Encoding.ASCII.GetBytes($"\n{digest}"));
        return HMACSHA256.HashData(secret, text.ToArray());
    }

    // On its way a mail's line ends become CRLF and may lose or win an empty line at the end; nothing else may change.
    private static byte[] Canonical(ReadOnlySpan<byte> envelope)
    {
        var octets = new List<byte>(envelope.Length);
        foreach (byte octet in envelope.Trim(" \t\r\n"u8))
        {
            if (octet != '\r')
            {
                octets.Add(octet);
            }
        }

        return [.. octets];
    }

    private static bool TryRead(string value, out string time, out byte[] hash)
    {
        (time, hash) = ("", []);
        foreach (string part in value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (part)
            {
                case ['t', '=', .. var seconds] when time.Length == 0:
                    time = seconds;
                    break;
                case ['h', '=', .. var hex] when hash.Length == 0 && hex.Length == 2 * HMACSHA256.HashSizeInBytes && hex.All(char.IsAsciiHexDigit):
                    hash = Convert.FromHexString(hex);
                    break;
                default:
                    return false;
            }
        }

        return time.Length > 0 && hash.Length > 0;
    }

    private static bool IsWithinWindow(string time, TimeSpan window, DateTimeOffset receivedAt) =>
        time.Length <= 12 && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        && seconds >= (receivedAt - window).ToUnixTimeSeconds() && seconds <= (receivedAt + Skew).ToUnixTimeSeconds();
}
