using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.ExchangeSimulator.Operations;
using Relay.ExchangeSimulator.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>
/// GetStreamingEvents: one response that is many envelopes. OK at once, events as they come, OK as a heartbeat, Closed at the end.
/// </summary>
/// <remarks>1 the ids are claimed; 2 the stream is opened; 3 each round takes what is due, writes one envelope and waits for the next.</remarks>
internal sealed class StreamingEndpoint(
    SimulatedDatabase database, SubscriptionTable subscriptions, ExchangeSimulatorOptions options, TimeProvider time, CancellationToken stopping)
{
    private int _open;

    /// <summary>How many streams are being served.</summary>
    public int Open => Volatile.Read(ref _open);

    public async Task HandleAsync(HttpContext http, OperationContext context, XElement body)
    {
        if (EwsRequestReader.Read(body) is not EwsRequestResult.Read { Request: GetStreamingEventsRequest request })
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        var writer = new StreamWriter(http, options, time);
        var inbox = new StreamInbox();
        var claimed = Claim(request, context.Account, inbox, out var error, out var badIds);
        Interlocked.Increment(ref _open);
        try
        {
            await OpenAsync(http, ended.Token);
            if (error is not null)
            {
                // One bad id fails the whole request: the good ones get nothing.
                await writer.WriteAsync(StreamMessages.Error(error, badIds, ConnectionStatus.Closed, options.Dialect), ended.Token);
                return;
            }

            await writer.WriteAsync(StreamMessages.Status(ConnectionStatus.OK), ended.Token);
            await ServeAsync(writer, inbox, claimed, time.GetUtcNow() + (request.ConnectionTimeoutMinutes * options.Minute), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone or the server stops: the stream ends without a word, as it does in the field.
        }
        finally
        {
            Release(claimed, inbox);
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task ServeAsync(
        StreamWriter writer, StreamInbox inbox, IReadOnlyList<SimulatedSubscription> claimed, DateTimeOffset deadline, CancellationToken ct)
    {
        var heartbeat = time.GetUtcNow() + options.Heartbeat;
        while (true)
        {
            var now = time.GetUtcNow();
            var (message, isLast) = Next(inbox, claimed);
            if (message is null && now >= deadline)
            {
                (message, isLast) = (StreamMessages.Status(ConnectionStatus.Closed), true);
            }
            else if (message is null && now >= heartbeat)
            {
                message = StreamMessages.Status(ConnectionStatus.OK);
            }

            if (message is null)
            {
                await inbox.WaitAsync((heartbeat < deadline ? heartbeat : deadline) - now, time, ct);
                continue;
            }

            await writer.WriteAsync(message, ct);
            if (isLast)
            {
                return;
            }

            heartbeat = time.GetUtcNow() + options.Heartbeat;
        }
    }

    /// <summary>What is due: an error that ends the stream, a gap, or events.</summary>
    private (XElement? Message, bool IsLast) Next(StreamInbox inbox, IReadOnlyList<SimulatedSubscription> claimed)
    {
        lock (database.Gate)
        {
            if (inbox.Errors.Count > 0)
            {
                var error = inbox.Errors[0].Error;
                string[] ids = [.. inbox.Errors.Where(entry => entry.Error == error).Select(entry => entry.SubscriptionId)];
                return (StreamMessages.Error(error, ids, ConnectionStatus.Closed, options.Dialect), true);
            }

            if (claimed.FirstOrDefault(subscription => subscription.HasMissedEvents) is { } behind)
            {
                behind.MoveTo(behind.Mailbox.ForgottenUpTo);
                return (StreamMessages.Error(EwsErrors.MissedNotificationEvents, [behind.Id], ConnectionStatus.OK, options.Dialect), false);
            }

            var notifications = new List<EwsNotification>();
            foreach (var subscription in claimed.Where(subscription => subscription.Mailbox.LastEvent > subscription.Cursor))
            {
                var (entries, more) = subscription.Take();
                if (entries.Count > 0)
                {
                    subscription.Use(database.Now);
                    notifications.Add(new EwsNotification(subscription.Id, null, more, [.. entries.Select(entry => entry.Event)]));
                }
            }

            return (notifications.Count == 0 ? null : StreamMessages.Events(notifications, options.Dialect), false);
        }
    }

    private List<SimulatedSubscription> Claim(
        GetStreamingEventsRequest request, string account, StreamInbox inbox, out EwsError? error, out IReadOnlyList<string> badIds)
    {
        var claimed = new List<SimulatedSubscription>();
        var bad = new List<string>();
        error = null;
        lock (database.Gate)
        {
            foreach (var id in request.SubscriptionIds.Distinct())
            {
                var subscription = subscriptions.Find(id, account, out var problem);
                if (subscription is { Request.Kind: SubscriptionKind.Streaming })
                {
                    claimed.Add(subscription);
                    continue;
                }

                error ??= problem ?? EwsErrors.InvalidSubscription;
                bad.Add(id);
            }

            foreach (var subscription in error is null ? claimed : [])
            {
                // The older of two streams is told and ends; the newer serves.
                subscription.Stream?.End(EwsErrors.NewEventStreamConnectionOpened, subscription.Id);
                subscription.Stream = inbox;
                subscription.Mailbox.EventLogged += inbox.Ring;
            }
        }

        badIds = bad;
        return error is null ? claimed : [];
    }

    private void Release(List<SimulatedSubscription> claimed, StreamInbox inbox)
    {
        lock (database.Gate)
        {
            foreach (var subscription in claimed)
            {
                subscription.Mailbox.EventLogged -= inbox.Ring;
                subscription.Stream = subscription.Stream == inbox ? null : subscription.Stream;
            }
        }
    }

    /// <summary>The headers that servers send, no length among them.</summary>
    private static Task OpenAsync(HttpContext http, CancellationToken ct)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/xml; charset=utf-8";
        http.Response.Headers.CacheControl = "private";
        http.Response.Headers["X-NoBuffering"] = "1";
        return http.Response.StartAsync(ct);
    }
}
