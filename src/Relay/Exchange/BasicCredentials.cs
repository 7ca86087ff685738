using System.Net.Http.Headers;
using System.Text;

namespace Relay.Exchange;

/// <summary>User name and password with every request (RFC 7617 §2, in UTF-8), without waiting to be asked for them.</summary>
internal sealed class BasicCredentials(ExchangeOptions options) : IExchangeCredentials
{
    private readonly AuthenticationHeaderValue _header =
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.UserName}:{options.Password}")));

    public ValueTask<AuthenticationHeaderValue?> HeaderAsync(CancellationToken cancellationToken) => new(_header);
}
