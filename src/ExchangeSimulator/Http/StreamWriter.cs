using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Relay.ExchangeSimulator.Http;

/// <summary>
/// Writes envelopes to a stream: each in one write, and not too soon after the one before, since some clients build a new reader for each
/// and lose what arrived together with the last.
/// </summary>
internal sealed class StreamWriter(HttpContext http, ExchangeSimulatorOptions options, TimeProvider time)
{
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public async Task WriteAsync(XElement body, CancellationToken ct)
    {
        var wait = _last + options.EnvelopeSpacing - time.GetUtcNow();
        if (_last > DateTimeOffset.MinValue && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, ct);
        }

        await http.Response.Body.WriteAsync(EnvelopeXml.Streamed(body, options.Dialect.DeclarationsInStreams), ct);
        await http.Response.Body.FlushAsync(ct);
        _last = time.GetUtcNow();
    }
}
