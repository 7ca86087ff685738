namespace Relay.Exchange;

/// <summary>Knows the mails that the relay itself makes.</summary>
internal interface IOwnMail
{
    /// <param name="messageId">A Message-ID field as Exchange has it.</param>
    bool IsOurs(string messageId);
}
