using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Crash;

/// <summary>What has arrived so far, reading each mail once however often it is asked.</summary>
internal sealed class Progress(Ledger ledger, IReadOnlyList<Subscriber> subscribers)
{
    private readonly HashSet<string> _answered = [];
    private readonly Dictionary<string, HashSet<string>> _told =
        subscribers.ToDictionary(subscriber => subscriber.SubscriptionId, _ => new HashSet<string>());
    private int _read;

    /// <summary>Whether every accepted request has been answered and every created item told to each of its subscribers.</summary>
    internal bool IsComplete(IReadOnlyList<RecordedMail> mails)
    {
        foreach (RecordedMail mail in mails.Skip(_read).Where(mail => mail.IsAccepted))
        {
            Take(mail);
        }

        _read = mails.Count;
        return ledger.Accepted.Keys.All(_answered.Contains)
            && subscribers.All(subscriber => ledger.CreatedIn(subscriber.Mailbox).All(_told[subscriber.SubscriptionId].Contains));
    }

    private void Take(RecordedMail mail)
    {
        if (mail.InReplyTo is { } id)
        {
            _answered.Add(id);
        }
        else if (mail.Field("Relay-Subscription") is { } subscription)
        {
            _told[subscription].UnionWith(Subscriber.CreatedItems(mail));
        }
    }
}
