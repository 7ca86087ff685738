using System.Net;
using Relay.Store;

namespace Relay.Access;

/// <summary>Names the principal of a mail, and says in the dialogue already when there can be none.</summary>
internal sealed class AccessPolicy(AccessOptions options)
{
    /// <summary>Whether any entry could prove a mail that this client hands us by SMTP.</summary>
    public bool MayConnect(IPAddress client) => options.Subscribers.Any(entry => entry.Covers(client));

    /// <summary>
    /// The principal of a mail, or null. <paramref name="sender"/> is its From, else its MAIL FROM. Network proves only what the
    /// client handed us itself: mail that came by another way, or that another server has stamped (<paramref name="wasRelayed"/>), needs
    /// another proof.
    /// </summary>
    public Principal? Identify(MailOrigin origin, string sender, bool wasRelayed)
    {
        if (origin.Via != MailOrigin.Smtp || wasRelayed || !IPAddress.TryParse(origin.ClientAddress, out var client))
        {
            return null;
        }

        var entry = options.Subscribers.FirstOrDefault(e => e.Proof == Proof.Network && e.Covers(client) && e.MayUse(sender));
        return entry is null ? null : new Principal(entry, sender);
    }
}
