using System.Net;
using Relay.Store;

namespace Relay.Access;

/// <summary>Names the principal of a mail, and says in the dialogue already when there can be none.</summary>
internal sealed class AccessPolicy(AccessOptions options)
{
    /// <summary>What the dialogue can tell of a request that this client is about to hand us.</summary>
    public DialogueVerdict Judge(MailOrigin origin)
    {
        var needsAccount = false;
        foreach (var entry in options.Subscribers)
        {
            if (entry.Proof == Proof.Confirm || IsProven(entry, origin, wasRelayed: false))
            {
                return DialogueVerdict.Possible;
            }

            needsAccount |= entry.Proof == Proof.SmtpAuth && origin.Account is null;
        }

        return needsAccount ? DialogueVerdict.NeedsAccount : DialogueVerdict.Hopeless;
    }

    /// <summary>
    /// The principal of a mail, or null. <paramref name="sender"/> is its From, else its MAIL FROM. Network proves only what the
    /// client handed us itself: mail that came by another way, or that another server has stamped (<paramref name="wasRelayed"/>), needs
    /// another proof.
    /// </summary>
    public Principal? Identify(MailOrigin origin, string sender, bool wasRelayed)
    {
        var entry = Covering(origin, wasRelayed).FirstOrDefault(e => e.MayUse(sender));
        return entry is null ? null : new Principal(entry, sender);
    }

    /// <summary>Whether a client whom we know handed us the mail, so that its sender may be told of a refusal.</summary>
    public bool Proves(MailOrigin origin, bool wasRelayed) => Covering(origin, wasRelayed).Any();

    /// <summary>Whether a sender may confirm under the entry what this client hands us: any client, or one of its networks where it has any.</summary>
    public static bool MayConfirm(SubscriberEntry entry, MailOrigin origin) => entry.Proof == Proof.Confirm
        && (entry.Networks.Count == 0 || (IPAddress.TryParse(origin.ClientAddress, out var client) && entry.Covers(client)));

    private IEnumerable<SubscriberEntry> Covering(MailOrigin origin, bool wasRelayed) =>
        options.Subscribers.Where(entry => IsProven(entry, origin, wasRelayed));

    private static bool IsProven(SubscriberEntry entry, MailOrigin origin, bool wasRelayed) => entry.Proof switch
    {
        Proof.Network => origin.Via == MailOrigin.Smtp && !wasRelayed
            && IPAddress.TryParse(origin.ClientAddress, out var client) && entry.Covers(client),
        Proof.Confirm => origin.Via == MailOrigin.Confirmed && MayConfirm(entry, origin),
        Proof.SmtpAuth => origin.Account is { } account && entry.Names(account),
        _ => false,
    };
}
