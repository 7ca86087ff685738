using Relay.Store;

namespace Relay.Exchange;

/// <summary>Knows the mails that the relay itself makes.</summary>
internal interface IOwnMail
{
    /// <summary>Whether the relay made this mail for this mailbox.</summary>
    /// <param name="transaction">Where the mails that were made are.</param>
    /// <param name="messageId">A Message-ID field as Exchange has it.</param>
    /// <param name="mailbox">The address of the mailbox that holds the mail.</param>
    bool IsOurs(IStoreTransaction transaction, string messageId, string mailbox);
}
