namespace Relay.TestKit.Mail;

/// <param name="Address">What stood between the angle brackets of RCPT TO.</param>
/// <param name="Parameters">What followed it, as in "NOTIFY=FAILURE".</param>
public sealed record RecordedRecipient(string Address, string Parameters);
