using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Relay.Client.Mail;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;

namespace Relay.Client.Services;

/// <summary>The notification operations of Exchange Web Services, by mail.</summary>
/// <param name="client">Carries the mails.</param>
/// <param name="service">For example <c>ews@gateway.example</c>.</param>
public sealed class EwsMailService(RelayMailClient client, MailAddress service)
{
    private const string ServerVersion = "Exchange2013_SP1";

    /// <summary>Subscribes, and begins the watermark chain of a push subscription.</summary>
    /// <param name="request">Folders of one mailbox.</param>
    /// <param name="mailbox">Whose folders they are, where they do not say so themselves; null is the relay's default for us.</param>
    /// <param name="cancellationToken">Stops the waiting, not the request.</param>
    public async Task<ServiceResult<EwsSubscribed>> SubscribeAsync(SubscribeRequest request, string? mailbox, CancellationToken cancellationToken)
    {
        byte[] envelope = EwsRequestWriter.Envelope(EwsRequestWriter.Subscribe(request), ServerVersion, mailbox);
        var result = await AskAsync(new RelayRequest(service, "Subscribe", envelope), EwsResponseReader.Subscribe, cancellationToken);
        if (result is ServiceResult<EwsSubscribed>.Success { Value: { Watermark: { } watermark } made })
        {
            client.Chain.Begin(made.SubscriptionId, watermark);
        }
        return result;
    }

    /// <summary>Fetches at most 50 events after a watermark; ask on from the last event's while MoreEvents is true. Asking twice does no harm.</summary>
    public async Task<ServiceResult<EwsNotification>> GetEventsAsync(string subscriptionId, string watermark, CancellationToken cancellationToken) =>
        await AskAsync(Request("GetEvents", EwsRequestWriter.GetEvents(subscriptionId, watermark)), EwsResponseReader.GetEvents, cancellationToken);

    /// <summary>Ends a subscription of any kind; nothing is mailed afterwards.</summary>
    /// <returns>The id.</returns>
    public async Task<ServiceResult<string>> UnsubscribeAsync(string subscriptionId, CancellationToken cancellationToken) =>
        await AskAsync(Request("Unsubscribe", EwsRequestWriter.Unsubscribe(subscriptionId)), body => Unsubscribed(body, subscriptionId), cancellationToken);

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

    private static EwsResult<string> Unsubscribed(XElement body, string subscriptionId) => EwsResponseReader.Unsubscribe(body) switch
    {
        EwsResult<bool>.Error error => new EwsResult<string>.Error(error.Problem),
        EwsResult<bool>.Unreadable unreadable => new EwsResult<string>.Unreadable(unreadable.Sentence),
        _ => new EwsResult<string>.Success(subscriptionId),
    };

    private static ServiceResult<T> Read<T>(RelayAnswer answer, Func<XElement, EwsResult<T>> read) => answer is not RelayAnswer.Answered answered
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

    private async Task<ServiceResult<T>> AskAsync<T>(RelayRequest request, Func<XElement, EwsResult<T>> read, CancellationToken cancellationToken) =>
        Read(await client.AskAsync(request, cancellationToken), read);
}
