using System.Net.Http.Headers;

namespace Relay.Exchange;

/// <summary>What goes into the Authorization field of each request; nothing where the connection proves it (Negotiate).</summary>
internal interface IExchangeCredentials
{
    /// <exception cref="HttpRequestException">A token cannot be had now.</exception>
    ValueTask<AuthenticationHeaderValue?> HeaderAsync(CancellationToken cancellationToken);

    /// <summary>What to try after a 401; null where there is nothing else to show.</summary>
    /// <param name="refused">What was shown.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpRequestException">A token cannot be had now.</exception>
    ValueTask<AuthenticationHeaderValue?> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancellationToken) => default;
}
