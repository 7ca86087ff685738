using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Relay.ExchangeSimulator.Faults;
using Relay.ExchangeSimulator.Operations;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>
/// GetStreamingEvents: one response that is many envelopes. OK at once, events as they come, OK as a heartbeat, Closed at the end.
/// </summary>
/// <remarks>1 the ids are claimed; 2 the stream is opened; 3 each round takes what is due, writes one envelope and waits for the next.</remarks>
internal sealed class StreamingEndpoint(
    StreamClaims claims, ExchangeSimulatorOptions options, FaultPlan faults, TimeProvider time, CancellationToken stopping)
{
    private const string Operation = "GetStreamingEvents";

    private int _open;

    /// <summary>How many streams are being served.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Serves one stream to its end.</summary>
    /// <param name="http">Its response has not begun.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="body">A valid request.</param>
    /// <param name="isLost">Affinity is lost: no subscription is known here.</param>
    /// <param name="compress">Whether to compress, flushing after each envelope.</param>
    public async Task HandleAsync(HttpContext http, OperationContext context, XElement body, bool isLost, bool compress)
    {
        var request = (GetStreamingEventsRequest)((EwsRequestResult.Read)EwsRequestReader.Read(body)).Request;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        await using var writer = new StreamWriter(http, options, faults, time, compress);
        isLost |= faults.Take(SimulatorFault.SubscriptionLost, Operation) is not null;
        var claim = claims.Claim(request, context.Account, isLost);
        Interlocked.Increment(ref _open);
        try
        {
            await OpenAsync(http, compress, ended.Token);
            if (claim.Error is { } error)
            {
                // One bad id fails the whole request: the good ones get nothing.
                await writer.WriteAsync(StreamMessages.Error(error, claim.BadIds, ConnectionStatus.Closed, options.Dialect), false, ended.Token);
                return;
            }

            await writer.WriteAsync(StreamMessages.Status(ConnectionStatus.OK), false, ended.Token);
            await ServeAsync(writer, claim, time.GetUtcNow() + (request.ConnectionTimeoutMinutes * options.Minute), ended.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, the server stops, or a fault dropped it: the stream ends without a word, as it does in the field.
        }
        finally
        {
            if (claim.Inbox.IsDropped)
            {
                http.Abort();
            }

            claims.Release(claim);
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task ServeAsync(StreamWriter writer, StreamClaim claim, DateTimeOffset deadline, CancellationToken ct)
    {
        var heartbeat = time.GetUtcNow() + options.Heartbeat;
        while (true)
        {
            var now = time.GetUtcNow();
            if (faults.Take(SimulatorFault.StreamSilence, Operation) is { } silence)
            {
                await Task.Delay(silence.Delay > TimeSpan.Zero ? silence.Delay : options.Minute * 30, time, ct);
            }

            if (claim.Inbox.IsDropped || faults.Take(SimulatorFault.StreamNoClosed, Operation) is not null)
            {
                return;
            }

            var due = claims.Next(claim);
            var message = due.Message
                ?? (now >= deadline ? StreamMessages.Status(ConnectionStatus.Closed)
                : now >= heartbeat ? StreamMessages.Status(ConnectionStatus.OK)
                : null);
            if (message is null)
            {
                await claim.Inbox.WaitAsync((heartbeat < deadline ? heartbeat : deadline) - now, time, ct);
                continue;
            }

            await WriteAsync(writer, claim, due, message, ct);
            if (due.IsLast || (due.Message is null && now >= deadline))
            {
                return;
            }

            heartbeat = time.GetUtcNow() + options.Heartbeat;
        }
    }

    /// <summary>Writes a message; what a connection that has gone did not take waits for the next one.</summary>
    private async Task WriteAsync(StreamWriter writer, StreamClaim claim, StreamDue due, XElement message, CancellationToken ct)
    {
        try
        {
            await writer.WriteAsync(message, due.Taken.Count > 0, ct);
        }
        catch (OperationCanceledException)
        {
            claims.GiveBack(claim, due);
            throw;
        }
    }

    /// <summary>The headers that servers send, no length among them.</summary>
    private static Task OpenAsync(HttpContext http, bool compress, CancellationToken ct)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/xml; charset=utf-8";
        http.Response.Headers.CacheControl = "private";
        http.Response.Headers["X-NoBuffering"] = "1";
        http.Response.Headers.ContentEncoding = compress ? "gzip" : default;
        return http.Response.StartAsync(ct);
    }
}
