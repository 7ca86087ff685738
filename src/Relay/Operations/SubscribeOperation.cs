using Relay.Exchange;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;

namespace Relay.Operations;

/// <summary>
/// <c>m:Subscribe</c>. 1 which mailbox and where to notify; 2 Exchange resolves the folders; 3 the mailbox is watched, so that no later
/// event can be missed; 4 in the commit: subscription and answer.
/// </summary>
internal sealed class SubscribeOperation(
    IExchange exchange, WatermarkCodec watermarks, IdSource ids) : EwsOperation<SubscribeRequest>
{
    // A handler waits as long; the request itself waits in the spool and is tried again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public override string Name => "Subscribe";

    public override bool ChangesState => true;

    protected override async Task<OperationPlan> PlanAsync(
        OperationRequest request, SubscribeRequest ews, CancellationToken cancellationToken)
    {
        if (ews.AllFolders == (ews.Folders.Count > 0))
        {
            return OperationPlan.Answer(Error(EwsErrors.InvalidSubscriptionRequest));
        }

        var wishes = RelayHeaders.Delivery(request.Envelope.Headers, out string? fault);
        if (fault is null && wishes != DeliveryWishes.None && ews.Kind != SubscriptionKind.Push)
        {
            fault = "r:Delivery is for push subscriptions; GetEvents and streams tell each event.";
        }

        if (fault is not null)
        {
            return new OperationPlan.Fault(EwsFaults.InvalidRequest() with { Reason = $"The request is invalid. {fault}" });
        }

        if (wishes.Content is not (null or DeliveryContent.Ids) && !request.Principal.Entry.MayCall("GetItem"))
        {
            return OperationPlan.Answer(Error(EwsErrors.AccessDenied));
        }

        return MailboxChoice.Choose(request, ews.Folders) switch // 1
        {
            MailboxChoice.Refused refused => OperationPlan.Answer(Error(refused.Error)),
            MailboxChoice.Chosen chosen => NotifyAddress.Choose(request, ews) switch
            {
                NotifyAddress.Refused refused => OperationPlan.Answer(Error(refused.Error)),
                NotifyAddress.Chosen notify => await PlanAsync(request, ews, chosen.Mailbox, notify.Address, cancellationToken),
                _ => throw new InvalidOperationException("The cases of NotifyAddress are closed."),
            },
            _ => throw new InvalidOperationException("The cases of MailboxChoice are closed."),
        };
    }

    private async Task<OperationPlan> PlanAsync(
        OperationRequest request, SubscribeRequest ews, string mailbox, MailAddress notify, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(LongestWait);
        try
        {
            return await AskExchangeAsync(request, ews, mailbox, notify, bound.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new OperationPlan.TryLater("Exchange does not answer in time", Error(EwsErrors.MailboxStoreUnavailable));
        }
    }

    private async Task<OperationPlan> AskExchangeAsync(
        OperationRequest request, SubscribeRequest ews, string mailbox, MailAddress notify, CancellationToken cancellationToken)
    {
        switch (await exchange.ResolveAsync(mailbox, ews.Folders, cancellationToken)) // 2
        {
            case FolderResolution.Failed failed:
                return OperationPlan.Answer(Error(failed.Error));
            case FolderResolution.Unavailable unavailable:
                return new OperationPlan.TryLater(unavailable.Reason, Error(EwsErrors.MailboxStoreUnavailable));
            case FolderResolution.Resolved resolved:
                return await exchange.WatchAsync(mailbox, resolved.Folders, ews.AllFolders, cancellationToken) switch // 3
                {
                    WatchResult.Failed failed => OperationPlan.Answer(Error(failed.Error)),
                    WatchResult.Unavailable unavailable => new OperationPlan.TryLater(unavailable.Reason, Error(EwsErrors.MailboxStoreUnavailable)),
                    WatchResult.Watching watching => new OperationPlan.Commit(
                        Add(request, ews, new Target(watching.MailboxId, resolved.Folders, notify), ids.NewSubscriptionId())),
                    _ => throw new InvalidOperationException("The cases of WatchResult are closed."),
                };
            default:
                throw new InvalidOperationException("The cases of FolderResolution are closed.");
        }
    }

    private Func<IStoreTransaction, OperationAnswer> Add(OperationRequest request, SubscribeRequest ews, Target target, string publicId) => // 4
        transaction =>
        {
            var cursor = transaction.Events.End();
            if (ews.Watermark is { } watermark)
            {
                if (watermarks.Decode(watermark) is not { } position
                    || position.Value > cursor.Value
                    || position.Value < transaction.Events.OldestRetained().Value)
                {
                    return Error(EwsErrors.InvalidWatermark);
                }

                cursor = position;
            }

            // Housekeeping lets go of mailboxes that nobody asks for; one that went between watching and here is watched again at the next try.
            if (!IsWatched(transaction, target, ews.AllFolders))
            {
                throw new InvalidOperationException("The mailbox was let go before its subscription could be stored.");
            }

            long id = transaction.Subscriptions.Add(Describe(request, ews, target, publicId, cursor));
            if (ews.Kind == SubscriptionKind.Push && PushSettings(request) is { } settings && settings != SubscriptionSettings.Default)
            {
                settings.Save(transaction, transaction.Subscriptions.Find(id)!);
            }

            return new OperationAnswer.Response(
                writer => EwsResponseWriter.SubscribeResponse(writer, publicId, ews.Kind == SubscriptionKind.Streaming ? null : watermarks.Encode(cursor)),
                $"Subscribe: {ews.Kind} {publicId}")
            {
                ChangedSubscription = id,
                HoldsBack = ews.Kind == SubscriptionKind.Push ? id : null,
            };
        };

    private static NewSubscription Describe(
        OperationRequest request, SubscribeRequest ews, Target target, string publicId, LogPosition cursor) => new(
            PublicId: publicId,
            Principal: request.Principal.Name,
            Kind: ews.Kind,
            MailboxId: target.MailboxId,
            AllFolders: ews.AllFolders,
            Folders: [.. target.Folders.Select(folder => new SubscribedFolder(folder.Id, folder.Name))],
            EventTypes: ews.EventTypes,
            PeriodMinutes: ews.TimeoutMinutes ?? ews.StatusFrequencyMinutes ?? SubscriptionLease.StreamingIdleMinutes,
            NotifyAddress: target.Notify.ToString(),
            ServiceAddress: request.Service.ToString(),
            Version: request.Envelope.Version,
            RootMessageId: request.RequestId,
            Cursor: cursor,
            CreatedAt: request.ReceivedAt);

    private static SubscriptionSettings PushSettings(OperationRequest request) => SubscriptionLease.Renew(
        new SubscriptionSettings
        {
            Lease = request.Principal.Entry.Lease,
            DemandsAcknowledgement = request.Principal.Entry.DemandAcknowledgement || RelayHeaders.DemandsAcknowledgement(request.Envelope.Headers),
            Delivery = RelayHeaders.Delivery(request.Envelope.Headers, out _).Over(request.Principal.Entry.Delivery) is var wishes && wishes == DeliveryWishes.None
                ? null
                : wishes,
        },
        request.ReceivedAt);

    private static bool IsWatched(IStoreTransaction transaction, Target target, bool allFolders)
    {
        var watched = transaction.Watches.Folders(target.MailboxId).Select(folder => folder.FolderId).ToHashSet();
        return allFolders
            ? transaction.Watches.Mailbox(target.MailboxId) is { AllFolders: true }
            : target.Folders.All(folder => watched.Contains(folder.Id));
    }

    private sealed record Target(long MailboxId, IReadOnlyList<ResolvedFolder> Folders, MailAddress Notify);
}
