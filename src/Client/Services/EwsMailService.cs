using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Relay.Client.Mail;
using Relay.Smtp.Client;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;

namespace Relay.Client.Services;

/// <summary>The notification operations of Exchange Web Services, by mail.</summary>
/// <param name="client">Carries the mails.</param>
/// <param name="service">For example <c>ews@gateway.example</c>.</param>
internal sealed class EwsMailService(RelayMailClient client, MailAddress service)
{
    private const string ServerVersion = "Exchange2013_SP1";

    /// <summary>Subscribes, and begins the watermark chain of a push subscription.</summary>
    /// <param name="request">Folders of one mailbox.</param>
    /// <param name="mailbox">Whose folders they are, where they do not say so themselves; null is the relay's default for us.</param>
    /// <param name="terms">What the relay has beyond Exchange, for push subscriptions.</param>
    /// <param name="cancellationToken">Stops the waiting, not the request.</param>
    public async Task<ServiceResult<EwsSubscribed>> SubscribeAsync(
        SubscribeRequest request, string? mailbox, PushTerms terms, CancellationToken cancellationToken)
    {
        byte[] envelope = EwsRequestWriter.Envelope(EwsRequestWriter.Subscribe(request), ServerVersion, mailbox, terms.HeaderBlocks());
        var result = await AskAsync(new RelayRequest(service, "Subscribe", envelope), EwsResponseReader.Subscribe, cancellationToken);
        if (result is ServiceResult<EwsSubscribed>.Success { Value: { Watermark: { } watermark } made })
        {
            client.Chain.Begin(made.SubscriptionId, watermark);
        }
        return result;
    }

    /// <summary>Subscribes as with Exchange.</summary>
    public Task<ServiceResult<EwsSubscribed>> SubscribeAsync(SubscribeRequest request, string? mailbox, CancellationToken cancellationToken) =>
        SubscribeAsync(request, mailbox, new PushTerms(), cancellationToken);

    /// <summary>Fetches 50 events at most after a watermark, may be repeated; while MoreEvents is true, go on from the last.</summary>
    public Task<ServiceResult<EwsNotification>> GetEventsAsync(
        string subscriptionId, string watermark, CancellationToken cancellationToken) => AskAsync(
            Request("GetEvents", EwsRequestWriter.GetEvents(subscriptionId, watermark)), EwsResponseReader.GetEvents, cancellationToken);

    /// <summary>Brings back what lost notifications said: events after the last one seen, up to where the next one began.</summary>
    /// <param name="subscriptionId">The broken chain's.</param>
    /// <param name="gap">What <see cref="NotificationChain"/> said.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>
    /// Events in their order; a failure is the last value. Behind a heartbeat that broke the chain there may be events whose notification is yet
    /// to come: they are told twice, under the same watermark.
    /// </returns>
    public async IAsyncEnumerable<ServiceResult<MailboxEvent>> GetMissedAsync(string subscriptionId, ChainLink.Broken gap,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string from = gap.LastSeen;
        bool more = true;
        while (more)
        {
            ServiceResult<EwsNotification> page = await GetEventsAsync(subscriptionId, from, cancellationToken);
            if (page is not ServiceResult<EwsNotification>.Success { Value: var answer })
            {
                yield return page.As<MailboxEvent>();
                yield break;
            }
            foreach (MailboxEvent one in answer.Events.Where(one => one.Type != MailboxEventType.Status))
            {
                // After a heartbeat, PreviousWatermark is no event's: then what the notification tells itself is where to stop.
                if (gap.Next is not null && one.Watermark == gap.Next)
                {
                    yield break;
                }
                yield return new ServiceResult<MailboxEvent>.Success(one);
                if (one.Watermark == gap.Previous)
                {
                    yield break;
                }
            }
            // A server that promises more but does not move on would be asked for ever.
            string last = answer.LastWatermark() ?? from;
            more = answer.MoreEvents == true && last != from;
            from = last;
        }
    }

    /// <summary>Replies to a notification: OK acknowledges it, Unsubscribe ends its subscription. Not answered.</summary>
    /// <param name="notification">With an id and a sender, as every notification of a relay has them.</param>
    /// <param name="status">Whether to go on.</param>
    /// <param name="cancellationToken">Stops the sending.</param>
    public Task<DeliveryOutcome> ReplyAsync(
        IncomingMail.Notification notification, SubscriptionStatus status, CancellationToken cancellationToken) =>
        client.SendAsync(Request("SendNotificationResult", EwsRequestWriter.SendNotificationResult(status)) with
        {
            To = notification.Head.From ?? service,
            InReplyTo = notification.Head.MessageId,
        }, cancellationToken);

    /// <summary>What Exchange holds under these ids, as it says it; an entry of the relay's settings must allow GetItem.</summary>
    /// <param name="itemIds">1 to 100, of one mailbox.</param>
    /// <param name="withMime">Whether each comes as the mail that it was.</param>
    /// <param name="mailbox">Whose items they are; null is the relay's default for us.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public Task<ServiceResult<IReadOnlyList<EwsResult<EwsItem>>>> GetItemsAsync(
        IEnumerable<string> itemIds, bool withMime, string? mailbox, CancellationToken cancellationToken)
    {
        XElement body = EwsRequestWriter.GetItem(itemIds.Select(id => new EwsId(id)), withMime, "Default", []);
        return AskAsync(
            new RelayRequest(service, "GetItem", EwsRequestWriter.Envelope(body, ServerVersion, mailbox)), EwsResponseReader.Items, cancellationToken);
    }

    /// <summary>Ends a subscription of any kind; nothing is mailed afterwards.</summary>
    /// <returns>Success holds true.</returns>
    public Task<ServiceResult<bool>> UnsubscribeAsync(string subscriptionId, CancellationToken cancellationToken) =>
        AskAsync(Request("Unsubscribe", EwsRequestWriter.Unsubscribe(subscriptionId)), EwsResponseReader.Unsubscribe, cancellationToken);

    /// <summary>Streams events of streaming subscriptions: several mails answer one request, the last one with the status Closed.</summary>
    /// <param name="subscriptionIds">One or more.</param>
    /// <param name="minutes">1 to 30; then the relay closes the stream.</param>
    /// <param name="cancellationToken">Stops the waiting; the relay goes on to the end of the minutes.</param>
    public async IAsyncEnumerable<ServiceResult<EwsStreamMessage>> StreamAsync(IReadOnlyList<string> subscriptionIds, int minutes,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RelayRequest request = Request("GetStreamingEvents", EwsRequestWriter.GetStreamingEvents(subscriptionIds, minutes)) with
        {
            ExtraTime = TimeSpan.FromMinutes(minutes),
        };
        await foreach (RelayAnswer answer in client.AskForManyAsync(request, cancellationToken))
        {
            ServiceResult<EwsStreamMessage> result = Read(answer, EwsResponseReader.Stream);
            yield return result;
            if (result is not ServiceResult<EwsStreamMessage>.Success { Value.Status: not ConnectionStatus.Closed })
            {
                yield break;
            }
        }
    }

    private static ServiceResult<T> Read<T>(RelayAnswer answer, Func<XElement, EwsResult<T>> read) =>
        answer is not RelayAnswer.Answered answered
            ? new ServiceResult<T>.Failed(answer)
            : read(answered.Envelope.Body!.AncestorsAndSelf().Last()) switch
            {
                EwsResult<T>.Success success => new ServiceResult<T>.Success(success.Value),
                EwsResult<T>.Error error => new ServiceResult<T>.Refused(error.Problem),
                EwsResult<T>.Unreadable unreadable => new ServiceResult<T>.Failed(new RelayAnswer.Unreadable(unreadable.Sentence)),
                _ => throw new InvalidOperationException("A result has three forms."),
            };

    private RelayRequest Request(string operation, XElement body) =>
        new(service, operation, EwsRequestWriter.Envelope(body, ServerVersion));

    private async Task<ServiceResult<T>> AskAsync<T>(
        RelayRequest request, Func<XElement, EwsResult<T>> read, CancellationToken cancellationToken) =>
        Read(await client.AskAsync(request, cancellationToken), read);
}
