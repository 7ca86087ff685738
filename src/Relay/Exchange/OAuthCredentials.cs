using System.Net.Http.Headers;
using Microsoft.Identity.Client;

namespace Relay.Exchange;

/// <summary>
/// A bearer token with every request (RFC 6750 §2.1), by client credentials. The library keeps a token in memory until five minutes before it ends.
/// </summary>
internal sealed class OAuthCredentials : IExchangeCredentials, IMsalHttpClientFactory, IDisposable
{
    private const string Scheme = "Bearer";
    private static readonly TimeSpan LongestAsk = TimeSpan.FromSeconds(30);

    /// <summary>A new token that is refused as well is not stale: asking for more of them helps nobody.</summary>
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromMinutes(1);

    private readonly OAuthOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly IConfidentialClientApplication _application;
    private readonly SemaphoreSlim _renewing = new(1);
    private DateTimeOffset _notBefore;

    public OAuthCredentials(ExchangeOptions options, TimeProvider time)
    {
        _options = options.OAuth;
        _time = time;
        _http = new HttpClient(ExchangeHandlers.Create(options.OAuth.TrustedCertificates)) { Timeout = LongestAsk };
        var builder = ConfidentialClientApplicationBuilder.Create(_options.ClientId)
            .WithAuthority(new Uri(_options.Authority, _options.TenantId), validateAuthority: false)
            .WithInstanceDiscovery(false) // which clouds there are is nothing to ask a server for: the settings name ours
            .WithHttpClientFactory(this);
        _application = (_options.Certificate is { } certificate ? builder.WithCertificate(certificate) : builder.WithClientSecret(_options.ClientSecret)).Build();
    }

    public HttpClient GetHttpClient() => _http;

    public async ValueTask<AuthenticationHeaderValue?> HeaderAsync(CancellationToken cancellationToken) =>
        new(Scheme, await TokenAsync(isNew: false, cancellationToken));

    public async ValueTask<AuthenticationHeaderValue?> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            // Of many requests that were refused with one token the first renews it.
            string token = await TokenAsync(isNew: false, cancellationToken);
            if (token != refused?.Parameter)
            {
                return new AuthenticationHeaderValue(Scheme, token);
            }

            if (_time.GetUtcNow() < _notBefore)
            {
                return null;
            }

            _notBefore = _time.GetUtcNow() + BetweenRenewals;
            return new AuthenticationHeaderValue(Scheme, await TokenAsync(isNew: true, cancellationToken));
        }
        finally
        {
            _renewing.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _renewing.Dispose();
    }

    private async Task<string> TokenAsync(bool isNew, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _application.AcquireTokenForClient([_options.Scope]).WithForceRefresh(isNew).ExecuteAsync(cancellationToken);
            return result.AccessToken;
        }
        catch (MsalException refused)
        {
            string said = refused.Message.ReplaceLineEndings("\n").Split('\n')[0].TrimEnd('.');
            throw new TokenUnavailableException($"No token from {_options.Authority.Host} ({refused.ErrorCode}): {said}.", refused);
        }
        catch (HttpRequestException unreachable)
        {
            throw new TokenUnavailableException($"No token from {_options.Authority.Host}: {ExchangeHttp.Reason(unreachable)}", unreachable);
        }
    }
}
