using Relay.ExchangeSimulator.Faults;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.ExchangeSimulator.Subscriptions;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>Which stream serves which subscription, and what each has to say; everything under the gate of the database.</summary>
internal sealed class StreamClaims(
    SimulatedDatabase database, SubscriptionTable subscriptions, ExchangeSimulatorOptions options, FaultPlan faults)
{
    private static readonly EwsError TooManyIds = new("ErrorInvalidArgument", "The request has more subscription ids than a connection may serve.");

    /// <summary>Takes the subscriptions of a request, from older streams if need be.</summary>
    /// <param name="request">A valid one.</param>
    /// <param name="account">The caller.</param>
    /// <param name="isLost">No subscription is to be known.</param>
    public StreamClaim Claim(GetStreamingEventsRequest request, string account, bool isLost)
    {
        var inbox = new StreamInbox();
        if (request.SubscriptionIds.Count > options.Limits.IdsPerStream)
        {
            return new StreamClaim([], inbox, TooManyIds, []);
        }

        lock (database.Gate)
        {
            var claimed = new List<SimulatedSubscription>();
            var bad = new List<string>();
            EwsError? error = null;
            foreach (var id in request.SubscriptionIds.Distinct())
            {
                EwsError? problem = EwsErrors.SubscriptionNotFound;
                if (!isLost && subscriptions.Find(id, account, out problem) is { Request.Kind: SubscriptionKind.Streaming } subscription)
                {
                    claimed.Add(subscription);
                    continue;
                }

                error ??= problem ?? EwsErrors.InvalidSubscription;
                bad.Add(id);
            }

            if (error is not null)
            {
                return new StreamClaim([], inbox, error, bad);
            }

            foreach (var subscription in claimed)
            {
                // The older of two streams is told and ends; the newer serves.
                subscription.Stream?.End(EwsErrors.NewEventStreamConnectionOpened, subscription.Id);
                subscription.Stream = inbox;
                subscription.Mailbox.EventLogged += inbox.Ring;
            }

            return new StreamClaim(claimed, inbox, null, []);
        }
    }

    public void Release(StreamClaim claim)
    {
        lock (database.Gate)
        {
            foreach (var subscription in claim.Subscriptions)
            {
                subscription.Mailbox.EventLogged -= claim.Inbox.Ring;
                subscription.Stream = subscription.Stream == claim.Inbox ? null : subscription.Stream;
            }
        }
    }

    /// <summary>What is due: an error that ends the stream, a gap, or events.</summary>
    public StreamDue Next(StreamClaim claim)
    {
        lock (database.Gate)
        {
            if (claim.Inbox.Errors is [var first, ..])
            {
                string[] ids = [.. claim.Inbox.Errors.Where(entry => entry.Error == first.Error).Select(entry => entry.SubscriptionId)];
                return new StreamDue(StreamMessages.Error(first.Error, ids, ConnectionStatus.Closed, options.Dialect), true, []);
            }

            return Gap(claim) ?? Events(claim);
        }
    }

    /// <summary>Puts the cursors back to where they were, unless another stream has gone on from there.</summary>
    public void GiveBack(StreamClaim claim, StreamDue due)
    {
        lock (database.Gate)
        {
            foreach (var (subscription, before) in due.Taken.Where(taken => taken.Subscription.Stream == claim.Inbox))
            {
                subscription.MoveTo(before);
            }
        }
    }

    /// <summary>A gap: events that were forgotten before they were told, or that a fault loses.</summary>
    private StreamDue? Gap(StreamClaim claim)
    {
        var behind = claim.Subscriptions.FirstOrDefault(subscription => subscription.HasMissedEvents);
        if (behind is not null)
        {
            behind.MoveTo(behind.Mailbox.ForgottenUpTo);
        }
        else
        {
            behind = claim.Subscriptions.FirstOrDefault(subscription => subscription.Mailbox.LastEvent > subscription.Cursor);
            if (behind is null || faults.Take(SimulatorFault.StreamMissedEvents, "GetStreamingEvents") is null)
            {
                return null;
            }

            behind.MoveTo(behind.Mailbox.LastEvent);
        }

        return new StreamDue(
            StreamMessages.Error(EwsErrors.MissedNotificationEvents, [behind.Id], ConnectionStatus.OK, options.Dialect), false, []);
    }

    private StreamDue Events(StreamClaim claim)
    {
        var taken = new List<(SimulatedSubscription, long)>();
        var notifications = new List<EwsNotification>();
        foreach (var subscription in claim.Subscriptions.Where(subscription => subscription.Mailbox.LastEvent > subscription.Cursor))
        {
            var before = subscription.Cursor;
            var (entries, more) = subscription.Take();
            if (entries.Count > 0)
            {
                subscription.Use(database.Now);
                taken.Add((subscription, before));
                notifications.Add(new EwsNotification(subscription.Id, null, more, [.. entries.Select(entry => entry.Event)]));
            }
        }

        return new StreamDue(notifications.Count == 0 ? null : StreamMessages.Events(notifications, options.Dialect), false, taken);
    }
}
