using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Takes SendNotification requests. Exchange proves nothing about itself, so the path holds an unguessable word, and only subscriptions of
/// ours are believed. OK is answered when the events are on stable storage; nothing else is waited for but, a few seconds at most, what
/// <see cref="OwnMailGuard"/> asks: a slow listener is taken for a dead one.
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

        switch (EwsResponseReader.SendNotification(envelope))
        {
            case EwsResult<EwsNotification>.Success { Value: var notification }:
                await AnswerAsync(http, await TakeAsync(notification, http.RequestAborted));
                break;
            case EwsResult<EwsNotification>.Error { Problem: var problem }:
                await AnswerAsync(http, Give(problem));
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                break;
        }
    }

    /// <param name="http">The call.</param>
    /// <param name="status">Null asks Exchange to try again: it does after half a minute.</param>
    private async Task AnswerAsync(HttpContext http, SubscriptionStatus? status)
    {
        if (status is null)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
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

    private async Task<SubscriptionStatus?> TakeAsync(EwsNotification notification, CancellationToken cancellationToken)
    {
        var (found, mayCome) = await FindAsync(notification.SubscriptionId, cancellationToken);
        if (found is not { } known)
        {
            // Unsubscribe for a leftover of an earlier run, or of a mailbox that nobody watches any more.
            return mayCome ? null : SubscriptionStatus.Unsubscribe;
        }

        await known.Mailbox.PushGate.WaitAsync(cancellationToken);
        try
        {
            return await TakeAsync(known.Group, known.Mailbox, notification, cancellationToken);
        }
        finally
        {
            known.Mailbox.PushGate.Release();
        }
    }

    private async Task<SubscriptionStatus> TakeAsync(
        WatchGroup group, MailboxWatch mailbox, EwsNotification notification, CancellationToken cancellationToken)
    {
        var place = (notification.PreviousWatermark, notification.Events.LastOrDefault(item => item.Watermark is not null)?.Watermark);

        // The same again: our OK did not reach Exchange.
        var isRepeat = place.PreviousWatermark is not null && place == mailbox.LastPush;

        // A lost notification or one out of turn: what was in between is found by catching up.
        var hasMissed = !isRepeat && place.PreviousWatermark is { } previous && mailbox.Watermark is { } last && previous != last;
        var telling = new Telling(mailbox, notification.SubscriptionId, isRepeat ? [] : notification.Events, hasMissed);
        if ((await writer.AppendAsync(group, [telling], cancellationToken)).Count == 0)
        {
            return SubscriptionStatus.Unsubscribe; // replaced meanwhile, or given up
        }

        if (hasMissed)
        {
            log.EventsMissed(mailbox.Address);
        }

        var now = time.GetUtcNow();
        if (notification.MoreEvents != true && mailbox.Delivery is { } delivery)
        {
            // Calls come one after the other, and this one holds all that was queued when it was made. One that failed is tried again with what it held for up to a StatusFrequency.
            delivery.ToldUpTo = now - options.RequestTimeout - (options.PushStatusMinutes * options.Minute);
        }

        mailbox.LastPush = place;
        mailbox.Watermark = place.Watermark ?? mailbox.Watermark;
        group.Heard(mailbox, now);
        return SubscriptionStatus.OK;
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

    /// <summary>
    /// Exchange calls for the first time while it answers Subscribe: then the id is known to us in a moment, or later where the store is slow.
    /// An end of the subscription that nobody here would notice must not come of that.
    /// </summary>
    private async Task<((WatchGroup Group, MailboxWatch Mailbox)? Found, bool MayCome)> FindAsync(
        string subscriptionId, CancellationToken cancellationToken)
    {
        for (var waits = 0; ; waits++)
        {
            // In this order: an id that becomes known between the two questions is found.
            var isSubscribing = IsSubscribing();
            if (Find(subscriptionId) is { } found)
            {
                return (found, false);
            }

            if (!isSubscribing || waits == MostWaits)
            {
                return (null, isSubscribing);
            }

            await Task.Delay(ShortWait, time, cancellationToken);
        }
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
