using Microsoft.Extensions.Logging;
using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Gives a mailbox what it needs before its events can be listened to.
/// <list type="number">
/// <item>The old subscription is ended, so that leftovers do not use up the account's share.</item>
/// <item>A new one is made, which collects events from then on.</item>
/// <item>What happened before is caught up with. In this order nothing falls between the two; what falls into both is recognised.</item>
/// </list>
/// </summary>
internal sealed class MailboxPreparer(
    EwsClient ews, IStore store, CatchUp catchUp, Advance advance, ExchangeOptions options, TimeProvider time, ILogger<MailboxPreparer> log)
{
    private const int MostAdvances = 32;

    /// <summary>Everything, in all folders: whoever subscribes here, and to what, Exchange is asked once.</summary>
    private readonly SubscribeRequest _allEvents = options.Mode switch
    {
        ExchangeMode.Streaming => new(SubscriptionKind.Streaming, AllFolders: true, [], EwsEventTypes.All),
        ExchangeMode.Pull => new(SubscriptionKind.Pull, AllFolders: true, [], EwsEventTypes.All, TimeoutMinutes: options.PullTimeoutMinutes),
        ExchangeMode.Push => new(
            SubscriptionKind.Push, AllFolders: true, [], EwsEventTypes.All,
            StatusFrequencyMinutes: options.PushStatusMinutes, Url: options.PushUrl?.AbsoluteUri),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Mode, "The three modes are the only ones."),
    };

    /// <summary>So many mailboxes have their states moved forward at once; it is nothing urgent, and holds what it collected.</summary>
    private int _advances;

    /// <summary>Sees to one mailbox that was taken from the group, and settles it. Throws only when cancelled.</summary>
    internal async Task PrepareAsync(WatchGroup group, MailboxWatch mailbox, CancellationToken cancellationToken)
    {
        var notBefore = time.GetUtcNow();
        try
        {
            if (await TryAsync(group, mailbox, cancellationToken) is { } hindrance)
            {
                var wait = mailbox.Backoff.Next();
                log.NotPrepared(mailbox.Address, hindrance, wait);
                notBefore = time.GetUtcNow() + wait;
            }
            else
            {
                mailbox.Backoff.Reset();
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var wait = mailbox.Backoff.Next();
            log.PreparationFailed(mailbox.Address, wait, failure);
            notBefore = time.GetUtcNow() + wait;
        }
        finally
        {
            group.Schedule.Settle(mailbox, notBefore);
        }
    }

    /// <summary>
    /// Ends the subscription of a mailbox, if it has one, and forgets it. One that Exchange cannot be asked to end now stays in the store for
    /// the next start, and so does a newer one.
    /// </summary>
    internal async Task EndAsync(MailboxWatch mailbox, Affinity affinity, CancellationToken cancellationToken)
    {
        if (mailbox.SubscriptionId is not { } id)
        {
            return;
        }

        var hindrance = await UnsubscribeAsync(mailbox.Address, id, affinity, cancellationToken);
        if (hindrance is not null)
        {
            log.NotUnsubscribed(mailbox.Address, hindrance);
            return;
        }

        await store.CommitAsync(transaction => Forget(transaction, mailbox.MailboxId, id), cancellationToken);
    }

    private async Task<string?> TryAsync(WatchGroup group, MailboxWatch mailbox, CancellationToken cancellationToken)
    {
        if (mailbox.NeedsSubscription && await SubscribeAsync(group, mailbox, cancellationToken) is { } hindrance)
        {
            return hindrance;
        }

        var target = new SyncTarget(mailbox.MailboxId, mailbox.Address, group.Affinity);
        return mailbox.NeedsCatchUp ? await CatchUpAsync(group, mailbox, target, cancellationToken)
            : mailbox.NeedsAdvance ? await AdvanceAsync(group, mailbox, target, cancellationToken)
            : null;
    }

    private async Task<string?> CatchUpAsync(WatchGroup group, MailboxWatch mailbox, SyncTarget target, CancellationToken cancellationToken)
    {
        // What is told while this runs, a gap or what presses, needs another run.
        var wasPressing = false;
        group.Set(mailbox, member =>
        {
            member.NeedsCatchUp = false;
            member.NeedsAdvance = false;
            (wasPressing, member.IsPressing) = (member.IsPressing, false);
        });
        CatchUpResult? result = null;
        try
        {
            result = await catchUp.RunAsync(target, cancellationToken);
        }
        finally
        {
            group.Set(mailbox, member =>
            {
                member.NeedsCatchUp |= result is not CatchUpResult.Done;
                member.IsPressing |= wasPressing && result is not CatchUpResult.Done;
                member.IsReady = !member.NeedsSubscription;
            });
        }

        if (result is CatchUpResult.Done { Events: > 0 } done)
        {
            log.CaughtUp(mailbox.Address, done.Events);
        }

        return (result as CatchUpResult.Later)?.Reason;
    }

    /// <summary>Moves the states forward; whatever hinders that hinders nothing else.</summary>
    private async Task<string?> AdvanceAsync(WatchGroup group, MailboxWatch mailbox, SyncTarget target, CancellationToken cancellationToken)
    {
        // The states move to where the mailbox stands now: what is told while this runs presses for another run.
        var wasPressing = false;
        group.Set(mailbox, member =>
        {
            member.NeedsAdvance = false;
            (wasPressing, member.IsPressing) = (member.IsPressing, false);
        });
        AdvanceResult result = new AdvanceResult.Later();
        try
        {
            if (Interlocked.Increment(ref _advances) <= MostAdvances)
            {
                result = await advance.RunAsync(target, (latest, token) => group.IsToldAsync(mailbox, latest, time, token), cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _advances);
            if (result is AdvanceResult.Later)
            {
                group.Set(mailbox, member =>
                {
                    member.FirstUnsettled ??= time.GetUtcNow();
                    member.IsPressing |= wasPressing;
                });
            }
        }

        if (result is AdvanceResult.Done { Events: > 0 and var events })
        {
            log.CaughtUp(mailbox.Address, events);
        }

        group.Missed(result is AdvanceResult.Lost ? [mailbox] : []);
        return null;
    }

    private async Task<string?> SubscribeAsync(WatchGroup group, MailboxWatch mailbox, CancellationToken cancellationToken)
    {
        // 1
        if (mailbox.SubscriptionId is { } old && await UnsubscribeAsync(mailbox.Address, old, group.Affinity, cancellationToken) is { } hindrance)
        {
            return hindrance;
        }

        // 2
        var reply = await ews.SubscribeAsync(mailbox.Address, _allEvents, group.Affinity, cancellationToken);
        if (reply is not EwsReply<EwsSubscribed>.Success { Value: var subscribed })
        {
            return Sentence(reply);
        }

        await KeepAsync(mailbox, subscribed.SubscriptionId, cancellationToken);
        group.Set(mailbox, member =>
        {
            member.Delivery = options.Mode == ExchangeMode.Streaming ? null : new Delivery();
            member.LatestEvent = default;
            member.LastPush = default;
            member.SubscriptionId = subscribed.SubscriptionId;
            member.Watermark = subscribed.Watermark;
            member.LastHeard = time.GetUtcNow();
            member.PollInterval = TimeSpan.Zero;
            member.NeedsSubscription = false;
        });
        return null;
    }

    /// <returns>Null when it is ended or was not there any more, else why not.</returns>
    private async Task<string?> UnsubscribeAsync(string address, string id, Affinity affinity, CancellationToken cancellationToken) =>
        await ews.UnsubscribeAsync(address, id, affinity, cancellationToken) switch
        {
            EwsReply<bool>.NoAnswer none => none.Reason,
            EwsReply<bool>.Refused { Error: var error } when EwsErrorKinds.IsPassing(error.ResponseCode) => error.MessageText,
            _ => null,
        };

    /// <summary>Between what the old subscription told and what the new one will tell, events may be missing.</summary>
    private Task<bool> KeepAsync(MailboxWatch mailbox, string subscriptionId, CancellationToken cancellationToken) => store.CommitAsync(
        transaction =>
        {
            transaction.Watches.SaveUpstreamSubscription(mailbox.MailboxId, subscriptionId);
            transaction.Watches.MarkBreak(mailbox.MailboxId, transaction.Events.End());
            return true;
        },
        cancellationToken);

    /// <summary>Whoever watches the mailbox again may have stored another meanwhile.</summary>
    private static bool Forget(IStoreTransaction transaction, long mailboxId, string subscriptionId)
    {
        if (transaction.Watches.Mailbox(mailboxId)?.UpstreamSubscription != subscriptionId)
        {
            return false;
        }

        transaction.Watches.SaveUpstreamSubscription(mailboxId, null);
        return true;
    }

    private static string Sentence(EwsReply<EwsSubscribed> reply) => reply switch
    {
        EwsReply<EwsSubscribed>.Refused { Error: var error } => $"Exchange answered {error.ResponseCode}: {error.MessageText}",
        EwsReply<EwsSubscribed>.NoAnswer none => none.Reason,
        _ => throw new InvalidOperationException("A success hinders nobody."),
    };
}
