using System.Xml;
using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// The EWS operations that the relay uses, each one request and one reply. Keeps the account's limits and the rest that Exchange asks for;
/// repeats nothing by itself, since only the caller knows what a repeat would do.
/// </summary>
internal sealed class EwsClient(ExchangeOptions options, ExchangeHttp http, Throttle throttle, TimeProvider time)
{
    internal Task<EwsReply<EwsSubscribed>> SubscribeAsync(
        string mailbox, SubscribeRequest request, Affinity affinity, CancellationToken cancellationToken) =>
        CallAsync(EwsRequestWriter.Subscribe(request), mailbox, affinity, EwsResponseReader.Subscribe, cancellationToken);

    internal Task<EwsReply<bool>> UnsubscribeAsync(
        string mailbox, string subscriptionId, Affinity affinity, CancellationToken cancellationToken) =>
        CallAsync(EwsRequestWriter.Unsubscribe(subscriptionId), mailbox, affinity, EwsResponseReader.Unsubscribe, cancellationToken);

    internal Task<EwsReply<EwsNotification>> GetEventsAsync(
        string mailbox, string subscriptionId, string watermark, Affinity affinity, CancellationToken cancellationToken) =>
        CallAsync(EwsRequestWriter.GetEvents(subscriptionId, watermark), mailbox, affinity, EwsResponseReader.GetEvents, cancellationToken);

    /// <summary>One result for each folder, in the order asked for.</summary>
    internal Task<EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>> GetFoldersAsync(
        string mailbox, IReadOnlyList<FolderReference> folders, Affinity affinity, CancellationToken cancellationToken) =>
        CallAsync(EwsRequestWriter.GetFolder(folders), mailbox, affinity, EwsResponseReader.Folders, cancellationToken);

    /// <summary>The same with all that is known of them, their parents among it.</summary>
    internal Task<EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>> GetFoldersAndParentsAsync(
        string mailbox, IReadOnlyList<FolderReference> folders, Affinity affinity, CancellationToken cancellationToken) =>
        AskAsync(EwsRequestWriter.GetFolder(folders, "AllProperties"), mailbox, affinity, EwsResponseReader.Folders, cancellationToken);

    /// <summary>Whether these items are there, and when each changed last: one result for each, in the order asked for.</summary>
    internal Task<EwsReply<IReadOnlyList<EwsResult<EwsItem>>>> GetItemsAsync(
        string mailbox, IEnumerable<string> itemIds, Affinity affinity, CancellationToken cancellationToken) =>
        CallAsync(
            EwsRequestWriter.GetItem(itemIds.Select(id => new EwsId(id)), "IdOnly", "item:LastModifiedTime"),
            mailbox, affinity, EwsResponseReader.Items, cancellationToken);

    /// <summary>The Message-IDs of these items: one result for each, in the order asked for.</summary>
    internal Task<EwsReply<IReadOnlyList<EwsResult<EwsItem>>>> GetMessageIdsAsync(
        string mailbox, IEnumerable<string> itemIds, Affinity affinity, CancellationToken cancellationToken) =>
        CallAsync(
            EwsRequestWriter.GetItem(itemIds.Select(id => new EwsId(id)), "IdOnly", "message:InternetMessageId"),
            mailbox, affinity, EwsResponseReader.Items, cancellationToken);

    /// <summary>Items with these properties, and as MIME if that is wanted: one result for each, in the order asked for.</summary>
    internal Task<EwsReply<IReadOnlyList<EwsResult<EwsItem>>>> ReadItemsAsync(
        string mailbox, IEnumerable<string> itemIds, bool withMime, IReadOnlyList<string> fields, CancellationToken cancellationToken) =>
        AskAsync(
            EwsRequestWriter.GetItem(itemIds.Select(id => new EwsId(id)), withMime, "IdOnly", fields),
            mailbox, new Affinity(mailbox), EwsResponseReader.Items, cancellationToken);

    /// <summary>Any operation, answered as it comes, if that is not more than is passed on.</summary>
    internal async Task<EwsReply<XElement>> PassAsync(string mailbox, XElement request, CancellationToken cancellationToken)
    {
        using (await throttle.EnterAsGuestAsync(cancellationToken))
        {
            var outcome = await http.PostAsync(Envelope(request, mailbox), new Affinity(mailbox), options.LargestPassedAnswer, cancellationToken);
            return outcome is HttpOutcome.NoAnswer { IsTooLong: true }
                ? new EwsReply<XElement>.Refused(EwsErrors.DataSizeLimitExceeded)
                : Read(outcome, envelope => EwsResponseReader.Whole(envelope, request.Name.LocalName));
        }
    }

    /// <summary>The same items with the folders that hold them.</summary>
    internal Task<EwsReply<IReadOnlyList<EwsResult<EwsItem>>>> GetParentsAsync(
        string mailbox, IEnumerable<string> itemIds, CancellationToken cancellationToken) =>
        ReadItemsAsync(mailbox, itemIds, withMime: false, ["item:ParentFolderId"], cancellationToken);

    /// <summary>Folders below one, as many as Exchange tells at once.</summary>
    internal Task<EwsReply<EwsFolderPage>> FindFoldersAsync(
        string mailbox, FolderReference root, int offset, Affinity affinity, CancellationToken cancellationToken) => CallAsync(
        EwsRequestWriter.FindFolder(root, offset), mailbox, affinity, envelope => EwsResponseReader.FindFolder(envelope, offset), cancellationToken);

    internal Task<EwsReply<EwsSyncAnswer>> SyncItemsAsync(
        string mailbox, string folderId, string? syncState, Affinity affinity, CancellationToken cancellationToken) =>
        CallAsync(
            EwsRequestWriter.SyncFolderItems(new FolderReference.ById(new EwsId(folderId)), syncState, options.SyncPageSize),
            mailbox, affinity, EwsResponseReader.Sync, cancellationToken);

    internal Task<EwsReply<EwsSyncAnswer>> SyncHierarchyAsync(
        string mailbox, string? syncState, Affinity affinity, CancellationToken cancellationToken) =>
        CallAsync(EwsRequestWriter.SyncFolderHierarchy(null, syncState), mailbox, affinity, EwsResponseReader.Sync, cancellationToken);

    /// <summary>Opens a stream for these subscriptions of one group; it acts for the group's anchor.</summary>
    internal async Task<EwsReply<EventStream>> OpenStreamAsync(
        IReadOnlyList<string> subscriptionIds, int minutes, Affinity affinity, CancellationToken cancellationToken)
    {
        var envelope = Envelope(EwsRequestWriter.GetStreamingEvents(subscriptionIds, minutes), affinity.Anchor);
        HttpOutcome outcome;
        using (await throttle.EnterAsync(cancellationToken))
        {
            outcome = await http.OpenAsync(envelope, affinity, cancellationToken);
        }

        return outcome is HttpOutcome.Opened opened
            ? new EwsReply<EventStream>.Success(new EventStream(opened, options, time))
            : Read<EventStream>(outcome, envelope => EwsResponseReader.Stream(envelope) is EwsResult<EwsStreamMessage>.Error error
                ? new EwsResult<EventStream>.Error(error.Problem)
                : new EwsResult<EventStream>.Unreadable("Exchange answered GetStreamingEvents with neither a stream nor an error."));
    }

    private async Task<EwsReply<T>> CallAsync<T>(
        XElement body, string mailbox, Affinity affinity, Func<XElement, EwsResult<T>> read, CancellationToken cancellationToken)
    {
        using (await throttle.EnterAsync(cancellationToken))
        {
            return Read(await http.PostAsync(Envelope(body, mailbox), affinity, cancellationToken), read);
        }
    }

    // What somebody wants to know, behind what brings events.
    private async Task<EwsReply<T>> AskAsync<T>(
        XElement body, string mailbox, Affinity affinity, Func<XElement, EwsResult<T>> read, CancellationToken cancellationToken)
    {
        using (await throttle.EnterAsGuestAsync(cancellationToken))
        {
            return Read(await http.PostAsync(Envelope(body, mailbox), affinity, cancellationToken), read);
        }
    }

    private byte[] Envelope(XElement body, string? mailbox) =>
        EwsRequestWriter.Envelope(body, options.ServerVersion, options.Impersonate ? mailbox : null);

    private EwsReply<T> Read<T>(HttpOutcome outcome, Func<XElement, EwsResult<T>> read)
    {
        var reply = outcome switch
        {
            HttpOutcome.Answered answered => Read(answered.Octets, read),
            HttpOutcome.NoAnswer none => new EwsReply<T>.NoAnswer(none.Reason, none.WaitAtLeast),
            _ => throw new InvalidOperationException("Only GetStreamingEvents opens a stream."),
        };
        Heed(reply);
        return reply;
    }

    private static EwsReply<T> Read<T>(ReadOnlyMemory<byte> octets, Func<XElement, EwsResult<T>> read)
    {
        try
        {
            return read(EwsXml.Load(octets)) switch
            {
                EwsResult<T>.Success success => new EwsReply<T>.Success(success.Value),
                EwsResult<T>.Error error => new EwsReply<T>.Refused(error.Problem),
                EwsResult<T>.Unreadable unreadable => new EwsReply<T>.NoAnswer(unreadable.Sentence, null),
                _ => throw new InvalidOperationException("The three results are the only ones."),
            };
        }
        catch (XmlException broken)
        {
            return new EwsReply<T>.NoAnswer($"Exchange's answer is no XML: {broken.Message}", null);
        }
    }

    /// <summary>A wish for rest holds for the account, and so for every request.</summary>
    private void Heed<T>(EwsReply<T> reply)
    {
        var wait = reply switch
        {
            EwsReply<T>.Refused refused => refused.Error.BackOff,
            EwsReply<T>.NoAnswer none => none.WaitAtLeast,
            _ => null,
        };
        if (wait is { } rest && rest > TimeSpan.Zero)
        {
            throttle.RestFor(rest < LongestRest ? rest : LongestRest);
        }
    }

    /// <summary>The longest budget cut-off seen in the field is five minutes; more is taken for a mistake.</summary>
    private static TimeSpan LongestRest => TimeSpan.FromMinutes(15);
}
