using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Mime;

namespace Relay.Operator;

/// <summary>
/// Finds what an id names, whatever kind of id it is, and what belongs to it: from a request its answers and the subscription that it made,
/// from an answer its request, from a watermark the event, from a subscription its mails.
/// </summary>
internal sealed class TraceSearch(IStoreTransaction transaction, MailFiles files)
{
    private const int MailsOfSubscription = 100;
    private const int OpenMailsRead = 10_000;

    private readonly TraceFinds _found = new();

    public TraceFinds Run(string asked)
    {
        if (QueueId.TryParse(asked, out var queueId))
        {
            TakeQueueId(queueId);
        }
        else
        {
            TakeSubscription(SubscriptionDesk.Find(transaction, asked));
            TakeWatermark(asked);
            TakeMessageId(MessageId.Normalize(asked));
        }

        return _found;
    }

    private void TakeQueueId(QueueId id)
    {
        if (id.IsIncoming && transaction.Spool.Find(id.Number) is { } spooled)
        {
            TakeSpooled(spooled.Id);
        }

        if (!id.IsIncoming && transaction.Outbox.Find(id.Number) is { } entry)
        {
            TakeOutgoing(entry);
        }
    }

    private void TakeMessageId(string id)
    {
        foreach (var handled in transaction.Handled.OfRequest(id))
        {
            TakeSpooled(handled.SpoolId);
        }

        foreach (var entry in transaction.Outbox.OfMessageId($"<{id}>"))
        {
            TakeOutgoing(entry);
        }

        if (transaction.Spool.FindByMailId(id) is { } spooled)
        {
            TakeSpooled(spooled.Id);
        }

        foreach (long open in OpenMailsWithId(id))
        {
            TakeSpooled(open);
        }
    }

    private void TakeSpooled(long id)
    {
        if (!_found.Spooled.Add(id) || transaction.Handled.Find(id) is not { } handled)
        {
            return;
        }

        foreach (var entry in handled.LedTo.SelectMany(messageId => transaction.Outbox.OfMessageId(messageId)))
        {
            TakeOutgoing(entry);
        }

        foreach (var subscription in transaction.Subscriptions.OfRootMessage(handled.RequestId))
        {
            TakeSubscription(subscription);
        }
    }

    // An answer leads to its request; a notification names its subscription, whose other mails are another story.
    private void TakeOutgoing(OutboxEntry entry)
    {
        if (!_found.Outgoing.Add(entry.Id))
        {
            return;
        }

        if (entry.SubscriptionId is { } subscription)
        {
            _found.Subscriptions.Add(subscription);
        }

        if (transaction.Outbox.Content(entry.Id) is { } content && FieldOf(content.Span, "In-Reply-To") is { } request)
        {
            foreach (var handled in transaction.Handled.OfRequest(request))
            {
                TakeSpooled(handled.SpoolId);
            }
        }
    }

    private void TakeSubscription(Subscription? subscription)
    {
        if (subscription is null || !_found.Subscriptions.Add(subscription.Id))
        {
            return;
        }

        foreach (var entry in transaction.Outbox.OfSubscription(subscription.Id, MailsOfSubscription))
        {
            TakeOutgoing(entry);
        }

        if (subscription.RootMessageId is { } root)
        {
            foreach (var handled in transaction.Handled.OfRequest(root))
            {
                TakeSpooled(handled.SpoolId);
            }
        }
    }

    /// <summary>The event at the watermark, and of each subscription that heard of it the mail that told it.</summary>
    private void TakeWatermark(string asked)
    {
        if (new WatermarkCodec(transaction.Identity.LogId).Decode(asked) is not { } position || transaction.Events.At(position) is not { } logged)
        {
            return;
        }

        _found.Events.Add(logged);
        foreach (var subscription in transaction.Subscriptions.Active().Where(one => one.MailboxId == logged.MailboxId && EventFilter.Matches(one, logged)))
        {
            var mails = transaction.Outbox.OfSubscription(subscription.Id, MailsOfSubscription);
            var mail = mails.FirstOrDefault(entry => Tells(entry, position));
            if (mail is not null && (mail != mails[0] || mail.Sequence == 1)) // of the first that is kept, nobody knows where it began
            {
                TakeOutgoing(mail);
            }
        }
    }

    // Mails of a subscription come in order, each up to its watermark: the first that goes far enough told the event.
    private bool Tells(OutboxEntry entry, LogPosition position) =>
        transaction.Outbox.Content(entry.Id) is { } content
        && FieldOf(content.Span, "Relay-Watermark") is { } watermark
        && new WatermarkCodec(transaction.Identity.LogId).Decode(watermark) is { } told
        && told >= position;

    // A mail that is not handled yet has its id in its header only.
    private List<long> OpenMailsWithId(string id)
    {
        SpoolState[] open = [SpoolState.Waiting, SpoolState.Claimed, SpoolState.SetAside];
        return [.. open.SelectMany(state => transaction.Spool.List(state, 0, OpenMailsRead))
            .Where(entry => transaction.Spool.Content(entry.Id) is { } content && IdsIn(files.Load(content).Span).Contains(id))
            .Select(entry => entry.Id)];
    }

    private static List<string> IdsIn(ReadOnlySpan<byte> mail)
    {
        var fields = Fields(mail);
        return [.. new[] { fields.Text("Message-ID"), fields.Text("X-Message-ID") }.OfType<string>().Select(MessageId.Normalize)];
    }

    private static string? FieldOf(ReadOnlySpan<byte> mail, string name) => Fields(mail).Text(name);

    private static HeaderFields Fields(ReadOnlySpan<byte> mail) =>
        MimeReader.ReadHeader(QueuedMailDetails.HeaderOf(mail), MimeLimits.Default).Headers;
}
