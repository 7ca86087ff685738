using System.Xml.Linq;
using Relay.Client.Mail;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Client.Services;

/// <summary>The relay's own operations, which Exchange does not have: are you there, what have I subscribed to, wait a while.</summary>
/// <param name="client">Carries the mails.</param>
/// <param name="service">For example <c>ews@gateway.example</c>.</param>
internal sealed class RelayMailService(RelayMailClient client, MailAddress service)
{
    private static readonly XNamespace R = "urn:soap-relay:v1";

    /// <summary>Asks for a sign of life, all the way through both mail servers.</summary>
    /// <returns>The answer's fields, such as the relay's version and time.</returns>
    public Task<ServiceResult<RelayFields>> PingAsync(CancellationToken cancellationToken) =>
        AskAsync("Ping", [], RelayFields.Of, cancellationToken);

    /// <summary>All subscriptions of ours.</summary>
    public Task<ServiceResult<IReadOnlyList<RelayFields>>> ListSubscriptionsAsync(CancellationToken cancellationToken) =>
        AskAsync("ListSubscriptions", [], Subscriptions, cancellationToken);

    /// <summary>What the relay knows of one subscription of ours.</summary>
    public Task<ServiceResult<RelayFields>> GetSubscriptionAsync(string subscriptionId, CancellationToken cancellationToken) =>
        AskAsync("GetSubscription", Id(subscriptionId), Subscription, cancellationToken);

    /// <summary>Holds a subscription's notifications back until it is resumed; nothing is lost meanwhile.</summary>
    public Task<ServiceResult<RelayFields>> PauseAsync(string subscriptionId, CancellationToken cancellationToken) =>
        AskAsync("PauseSubscription", Id(subscriptionId), Subscription, cancellationToken);

    /// <summary>Lets a paused subscription go on, with what came meanwhile.</summary>
    public Task<ServiceResult<RelayFields>> ResumeAsync(string subscriptionId, CancellationToken cancellationToken) =>
        AskAsync("ResumeSubscription", Id(subscriptionId), Subscription, cancellationToken);

    /// <summary>Confirms a subscription that the relay asked to confirm.</summary>
    /// <param name="token">From the relay's confirmation mail; good once.</param>
    /// <param name="cancellationToken">Stops the waiting, not the request.</param>
    public Task<ServiceResult<RelayFields>> ConfirmAsync(string token, CancellationToken cancellationToken) =>
        AskAsync("ConfirmSubscription", [new XElement(R + "Token", token)], Subscription, cancellationToken);

    /// <summary>Errors come in the frame that EWS has for all its operations, of which Unsubscribe has nothing else.</summary>
    private static EwsError? ErrorIn(XElement body) =>
        (EwsResponseReader.Unsubscribe(body.AncestorsAndSelf().Last()) as EwsResult<bool>.Error)?.Problem;

    private static XElement[] Id(string subscriptionId) => [new XElement(R + "SubscriptionId", subscriptionId)];

    private static IReadOnlyList<RelayFields> Subscriptions(XElement body) =>
        [.. body.Descendants().Where(element => element.Name.LocalName == "Subscription").Select(RelayFields.Of)];

    /// <summary>The one subscription that the answer tells of, wrapped in an element of its own or not.</summary>
    private static RelayFields Subscription(XElement body) => Subscriptions(body) is [var one, ..] ? one : RelayFields.Of(body);

    private async Task<ServiceResult<T>> AskAsync<T>(
        string operation, XElement[] content, Func<XElement, T> read, CancellationToken cancellationToken)
    {
        byte[] envelope = SoapWriter.Write(SoapVersion.Soap11, [], new XElement(R + operation, content));
        return await client.AskAsync(new RelayRequest(service, operation, envelope), cancellationToken) switch
        {
            RelayAnswer.Answered { Envelope.Body: { } body } => ErrorIn(body) is { } error
                ? new ServiceResult<T>.Refused(error)
                : new ServiceResult<T>.Success(read(body)),
            var other => new ServiceResult<T>.Failed(other),
        };
    }
}
