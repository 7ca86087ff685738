using System.Net;
using Relay.Store;

namespace Relay.Access;

/// <summary>Where a client's address is the proof, or a condition of it.</summary>
internal static class NetworkProof
{
    /// <summary>
    /// The client hands us its mail by SMTP and its address is covered. It proves only mail that the client wrote: by LMTP, a pipe or a
    /// pick-up comes what others sent, and so it does where another server has stamped the mail.
    /// </summary>
    public static bool IsCovered(SubscriberEntry entry, MailOrigin origin) =>
        origin.Via == MailOrigin.Smtp && IsWithin(entry, origin);

    public static bool IsWithin(SubscriberEntry entry, MailOrigin origin) =>
        IPAddress.TryParse(origin.ClientAddress, out var client) && entry.Covers(client);
}
