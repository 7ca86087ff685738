using System.Xml.Linq;
using Relay.ExchangeSimulator.Http;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.ExchangeSimulator.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class SubscribeOperation(SubscriptionTable subscriptions, SimulatorDialect dialect, Action<SimulatedSubscription> startPush)
    : IOperation
{
    private const int LongestUrl = 2083;

    public string Name => "Subscribe";

    public OperationResult Run(OperationContext context, XElement request)
    {
        if (EwsRequestReader.Read(request) is not EwsRequestResult.Read { Request: SubscribeRequest subscribe })
        {
            return new OperationResult.Fault(new FaultDetail(EwsErrors.InvalidRequest));
        }

        var error = Check(subscribe);
        var folders = new List<SimulatedFolder>();
        foreach (var reference in error is null ? subscribe.Folders : [])
        {
            if (context.Resolve(reference, out error) is not { } folder)
            {
                break;
            }

            folders.Add(folder);
        }

        var mailbox = folders.Count > 0 ? folders[0].Mailbox : context.OwnMailbox;
        error ??= mailbox is null ? EwsErrors.NonExistentMailbox
            : folders.Any(folder => folder.Mailbox != mailbox) ? EwsErrors.InvalidSubscriptionRequest : null;
        var cursor = error is null ? Start(context, subscribe, mailbox!, ref error) : 0;
        if (error is not null)
        {
            return Failed(error);
        }

        var added = subscriptions.Add(
            subscribe, context.Account, context.ServerVersion, mailbox!, folders.Select(folder => folder.Id.Id), cursor);
        return added is null ? Failed(EwsErrors.ExceededSubscriptionCount) : Subscribed(context, added);
    }

    private OperationResult.Response Subscribed(OperationContext context, SimulatedSubscription subscription)
    {
        var kind = subscription.Request.Kind;
        if (kind == SubscriptionKind.Push)
        {
            startPush(subscription);
        }

        var watermark = kind == SubscriptionKind.Streaming || dialect.NoWatermarks
            ? null
            : Watermark.Format(context.Database.Id, subscription.Cursor);
        return new OperationResult.Response(ResponseFrame.Written(
            writer => EwsResponseWriter.SubscribeResponse(writer, subscription.Id, watermark)));
    }

    private static EwsError? Check(SubscribeRequest request)
    {
        if (request.AllFolders == request.Folders.Count > 0)
        {
            return EwsErrors.InvalidSubscriptionRequest;
        }

        return request.Kind == SubscriptionKind.Push
            && (request.Url is not { Length: > 0 and < LongestUrl }
                || !Uri.TryCreate(request.Url, UriKind.Absolute, out var url)
                || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            ? EwsErrors.InvalidPushSubscriptionUrl
            : null;
    }

    /// <summary>Where it begins: after the watermark, which must still be in the table, or now.</summary>
    private static long Start(OperationContext context, SubscribeRequest request, SimulatedMailbox mailbox, ref EwsError? error)
    {
        if (request.Watermark is null || request.Kind == SubscriptionKind.Streaming)
        {
            return mailbox.LastEvent;
        }

        var counter = Watermark.Parse(context.Database.Id, request.Watermark);
        if (counter is null || counter < mailbox.ForgottenUpTo || counter > context.Database.Counter)
        {
            error = EwsErrors.InvalidWatermark;
        }

        return counter ?? 0;
    }

    private static OperationResult.Response Failed(EwsError error) =>
        new(ResponseFrame.Written(writer => EwsResponseWriter.ErrorResponse(writer, "Subscribe", error)));
}
