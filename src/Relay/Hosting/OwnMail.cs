using Relay.Exchange;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Mime;

namespace Relay.Hosting;

/// <summary>
/// Lets the Exchange side know the mails of the other folders, which it does not use. That an id is of our making is not enough: whoever was ever
/// answered has one, and would hide his own mail behind it. So the mail must have been made for this mailbox.
/// </summary>
internal sealed class OwnMail(OwnMessageIds ids) : IOwnMail
{
    public bool IsOurs(IStoreTransaction transaction, string messageId, string mailbox) =>
        ids.Names(messageId)
        && transaction.Outbox.FindByMessageId($"<{MessageId.Normalize(messageId)}>") is { } mail
        && mail.Recipient.Equals(mailbox, StringComparison.OrdinalIgnoreCase);
}
