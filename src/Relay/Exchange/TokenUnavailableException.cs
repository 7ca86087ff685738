namespace Relay.Exchange;

/// <summary>The server of tokens gives none now; the message is a sentence for people.</summary>
internal sealed class TokenUnavailableException(string message, Exception cause) : HttpRequestException(message, cause);
