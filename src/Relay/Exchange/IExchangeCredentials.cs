using System.Net.Http.Headers;

namespace Relay.Exchange;

/// <summary>What goes into the Authorization field of each request; nothing where the connection proves it (Negotiate).</summary>
internal interface IExchangeCredentials
{
    /// <exception cref="HttpRequestException">A token cannot be had now.</exception>
    ValueTask<AuthenticationHeaderValue?> HeaderAsync(CancellationToken cancellationToken);
}
