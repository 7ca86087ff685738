namespace Relay.Exchange;

/// <summary>One line of a check.</summary>
/// <param name="IsOk">False when something is to be done.</param>
/// <param name="Subject">What was tried: an address or a mailbox.</param>
/// <param name="Sentence">What was found and, where it is not right, what to do.</param>
internal sealed record ExchangeFinding(bool IsOk, string Subject, string Sentence);
