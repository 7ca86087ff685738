using System.Net.Http.Headers;

namespace Relay.Exchange;

/// <summary>For Negotiate, where the handler answers the server's challenge on each connection.</summary>
internal sealed class NoCredentials : IExchangeCredentials
{
    public ValueTask<AuthenticationHeaderValue?> HeaderAsync(CancellationToken cancellationToken) => default;
}
