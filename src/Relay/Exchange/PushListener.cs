using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Takes SendNotification requests. Exchange proves nothing about itself, so the path holds an unguessable word, and only subscriptions of
/// ours are believed. OK is answered when the events are on stable storage, and nothing else is waited for: a slow listener is taken for a
/// dead one.
/// </summary>
internal sealed class PushListener(ExchangeOptions options, EventWriter writer, TimeProvider time, ILogger<PushListener> log)
{
    private const int MostOctets = 4 * 1024 * 1024;

    private const int MostWaits = 50;
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<WatchGroup> _groups = [];

    /// <summary>To be mapped to POST on the path of <see cref="ExchangeOptions.PushUrl"/>.</summary>
    internal async Task HandleAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not { } envelope)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var status = EwsResponseReader.SendNotification(envelope) switch
        {
            EwsResult<EwsNotification>.Success { Value: var notification } => await TakeAsync(notification, http.RequestAborted),
            EwsResult<EwsNotification>.Error { Problem: var problem } => Give(problem),
            _ => (SubscriptionStatus?)null,
        };
        if (status is null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        http.Response.ContentType = "text/xml; charset=utf-8";
        await http.Response.Body.WriteAsync(
            EwsRequestWriter.Envelope(EwsRequestWriter.SendNotificationResult(status.Value), options.ServerVersion), http.RequestAborted);
    }

    internal void Serve(WatchGroup group)
    {
        lock (_gate)
        {
            _groups.Add(group);
        }
    }

    internal void Leave(WatchGroup group)
    {
        lock (_gate)
        {
            _groups.Remove(group);
        }
    }

    private async Task<SubscriptionStatus> TakeAsync(EwsNotification notification, CancellationToken cancellationToken)
    {
        if (await FindAsync(notification.SubscriptionId, cancellationToken) is not { } known)
        {
            // A leftover of an earlier run, or of a mailbox that nobody watches any more.
            return SubscriptionStatus.Unsubscribe;
        }

        var (group, mailbox) = known;
        await mailbox.PushGate.WaitAsync(cancellationToken);
        try
        {
            if (notification.PreviousWatermark is { } previous && mailbox.Watermark is { } last && previous != last)
            {
                // A lost notification, a repeated one or one out of turn: what was in between is found by catching up.
                log.EventsMissed(mailbox.Address);
                group.Missed([mailbox]);
            }

            if (notification.Events.Any(item => item.Type != MailboxEventType.Status))
            {
                await writer.AppendAsync([(mailbox, notification.Events)], cancellationToken);
                group.Told(mailbox, time.GetUtcNow());
            }

            mailbox.Watermark = notification.Events.LastOrDefault(item => item.Watermark is not null)?.Watermark ?? mailbox.Watermark;
            group.Heard(mailbox, time.GetUtcNow());
            return SubscriptionStatus.OK;
        }
        finally
        {
            mailbox.PushGate.Release();
        }
    }

    /// <summary>An error push says that the subscription is dead.</summary>
    private SubscriptionStatus Give(EwsError problem)
    {
        if (problem.SubscriptionId is { } id && Find(id) is { } known)
        {
            log.SubscriptionDied(known.Mailbox.Address, problem.ResponseCode, 1);
            known.Group.Distrust([KeyValuePair.Create(id, known.Mailbox)]);
        }

        return SubscriptionStatus.Unsubscribe;
    }

    /// <summary>Exchange calls for the first time while it answers Subscribe: then the id is known to us in a moment.</summary>
    private async Task<(WatchGroup Group, MailboxWatch Mailbox)?> FindAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        var found = Find(subscriptionId);
        for (var waits = 0; found is null && waits < MostWaits && IsSubscribing(); waits++)
        {
            await Task.Delay(ShortWait, time, cancellationToken);
            found = Find(subscriptionId);
        }

        return found;
    }

    private bool IsSubscribing()
    {
        lock (_gate)
        {
            return _groups.Exists(group => group.IsSubscribing());
        }
    }

    private (WatchGroup Group, MailboxWatch Mailbox)? Find(string subscriptionId)
    {
        lock (_gate)
        {
            foreach (var group in _groups)
            {
                if (group.Find(subscriptionId) is { } mailbox)
                {
                    return (group, mailbox);
                }
            }
        }

        return null;
    }

    private async Task<XElement?> ReadAsync(HttpContext http)
    {
        using var octets = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0;)
        {
            octets.Write(chunk, 0, read);
            if (octets.Length > MostOctets)
            {
                log.PushRefused("it is longer than 4 MiB");
                return null;
            }
        }

        try
        {
            return EwsXml.Load(octets.ToArray());
        }
        catch (XmlException broken)
        {
            log.PushRefused(broken.Message);
            return null;
        }
    }
}
