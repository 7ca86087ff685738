using Relay.Exchange;

namespace Relay.Tests.Exchange;

/// <summary>The way to Exchange through the wire of a test.</summary>
internal sealed class RewrittenExchange : IDisposable
{
    private readonly ExchangeHttp _http;
    private readonly Throttle _throttle;

    internal RewrittenExchange(ExchangeOptions options, HttpMessageHandler wire)
    {
        _http = new ExchangeHttp(options, wire, new BasicCredentials(options), TimeProvider.System);
        _throttle = new Throttle(options.ConcurrentRequests, TimeProvider.System);
        Ews = new EwsClient(options, _http, _throttle, TimeProvider.System);
    }

    internal EwsClient Ews { get; }

    public void Dispose()
    {
        _throttle.Dispose();
        _http.Dispose();
    }
}
