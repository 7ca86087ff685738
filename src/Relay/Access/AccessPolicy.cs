using System.Net;
using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>Names the principal of a mail, and says in the dialogue already when there can be none.</summary>
internal sealed class AccessPolicy(AccessOptions options, MimeLimits limits)
{
    /// <summary>What the dialogue can tell of a request that this client is about to hand us.</summary>
    public DialogueVerdict Judge(MailOrigin origin)
    {
        var needsAccount = false;
        foreach (var entry in options.Subscribers)
        {
            bool isPossible = entry.Proof switch
            {
                Proof.Network => NetworkProof.IsCovered(entry, origin),
                Proof.SmtpAuth => IsAccount(entry, origin),
                Proof.AuthenticationResults => ResultsProof.IsTrusted(entry, origin),
                _ => true, // it stands in the mail
            };
            if (isPossible)
            {
                return DialogueVerdict.Possible;
            }

            needsAccount |= entry.Proof == Proof.SmtpAuth && origin.Account is null;
        }

        return needsAccount ? DialogueVerdict.NeedsAccount : DialogueVerdict.Hopeless;
    }

    /// <summary>
    /// Whose limit of mails counts for what this client hands us: of the first entry that the dialogue itself proves and that names the address. Null
    /// where that sets no limit, and where proof stands in the mail. MAIL FROM is taken for the sender, as nothing else is known yet.
    /// </summary>
    public Principal? LimitedSender(MailOrigin origin, MailAddress sender)
    {
        string address = sender.ToString();
        var known = options.Subscribers.FirstOrDefault(entry => entry.MayUse(address) && entry.Proof switch
        {
            Proof.Network => NetworkProof.IsCovered(entry, origin),
            Proof.SmtpAuth => IsAccount(entry, origin),
            _ => false,
        });
        return known is { MailsPerMinute: > 0 } ? new Principal(known, address) : null;
    }

    /// <summary>
    /// Who the mail is from: the first entry that is proven and names the sender's address. Null where nothing is proven, so that nobody may
    /// even be told.
    /// </summary>
    public Identity? Identify(MailEvidence mail)
    {
        var signed = new Lazy<SignedMail?>(() => SignedMail.Open(mail.Root, limits));
        Identity? nobody = null;
        foreach (var entry in options.Subscribers)
        {
            if (Prove(entry, mail, signed) is not { } proven)
            {
                continue;
            }

            if (entry.MayUse(mail.Sender.ToString()))
            {
                return proven with { Principal = new Principal(entry, mail.Sender.ToString()) };
            }

            nobody ??= proven;
        }

        return nobody;
    }

    /// <summary>Whether a sender may confirm under the entry what this client hands us: any client, or one of its networks where it has any.</summary>
    public static bool MayConfirm(SubscriberEntry entry, MailOrigin origin) => entry.Proof == Proof.Confirm
        && (entry.Networks.Count == 0 || (IPAddress.TryParse(origin.ClientAddress, out var client) && entry.Covers(client)));

    private static Identity? Prove(SubscriberEntry entry, MailEvidence mail, Lazy<SignedMail?> signed)
    {
        bool holds = entry.Proof switch
        {
            Proof.Network => NetworkProof.IsCovered(entry, mail.Origin) && !mail.WasRelayed,
            Proof.SmtpAuth => IsAccount(entry, mail.Origin),
            Proof.AuthenticationResults => ResultsProof.Holds(entry, mail),
            Proof.Confirm => mail.Origin.Via == MailOrigin.Confirmed && MayConfirm(entry, mail.Origin),
            Proof.Token => TokenProof.Holds(entry, mail),
            Proof.Signature => signed.Value is { } content && SignatureProof.Holds(entry, mail, content),
            _ => false,
        };
        return !holds ? null
            : entry.Proof == Proof.Signature ? new Identity(null, mail.Root!.WithOnly(signed.Value!.Content), signed.Value.Digest)
            : new Identity(null);
    }

    private static bool IsAccount(SubscriberEntry entry, MailOrigin origin) => origin.Account is { } account && entry.Names(account);
}
