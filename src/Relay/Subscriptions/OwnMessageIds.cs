using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Relay.Store;
using Relay.Wire.Mime;

namespace Relay.Subscriptions;

/// <summary>
/// The Message-IDs that we make: <c>a.CHANCE.HASH</c> for answers and <c>n.SUBSCRIPTION.SEQUENCE.CHANCE.HASH</c> for notifications, so that a mail
/// that comes back is known as ours and a reply to a notification finds its subscription. The hash is keyed; nobody else makes one.
/// </summary>
internal sealed class OwnMessageIds(byte[] key, IdSource ids)
{
    private const int HashLength = 8;

    public string NewAnswer(string host) => Sign($"a.{ids.NewUnique()}", host);

    public string NewNotification(long subscriptionId, long sequence, string host) =>
        Sign(string.Create(CultureInfo.InvariantCulture, $"n.{subscriptionId}.{sequence}.{ids.NewUnique()}"), host);

    /// <summary>Whether the field holds an id of ours; raw text, possibly several ids and comments.</summary>
    public bool Names(string? rawField) => OursIn(rawField) is not null;

    /// <summary>The notification that the field names, or null.</summary>
    public NotificationId? NotificationIn(string? rawField) =>
        OursIn(rawField)?.Split('.') is ["n", var subscription, var number, ..]
        && long.TryParse(subscription, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? new NotificationId(id, sequence)
            : null;

    private string? OursIn(string? rawField) =>
        (rawField ?? "")
            .Split([' ', '\t', '\r', '\n', '<', '>', ','], StringSplitOptions.RemoveEmptyEntries)
            .Select(id => id.Split('@')[0])
            .FirstOrDefault(IsSigned);

    private string Sign(string unique, string host) => MessageId.Create($"{unique}.{Hash(unique)}", host);

    private bool IsSigned(string leftPart)
    {
        int dot = leftPart.LastIndexOf('.');
        return dot > 0 && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Hash(leftPart[..dot])), Encoding.UTF8.GetBytes(leftPart[(dot + 1)..]));
    }

    private string Hash(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)).AsSpan(0, HashLength));
}
