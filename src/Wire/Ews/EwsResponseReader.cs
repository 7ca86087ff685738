using System.Xml.Linq;

namespace Relay.Wire.Ews;

/// <summary>
/// Reads what servers answer, liberally: by local name, whatever the message element is called, with or without watermarks, with parts
/// combined that a reference server keeps apart. Errors and faults are values; nothing here throws for what a server may write.
/// </summary>
public static class EwsResponseReader
{
    /// <summary>The answer to Subscribe.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    public static EwsResult<EwsSubscribed> Subscribe(XElement envelope) => Single<EwsSubscribed>(envelope, message =>
        message.ChildText("SubscriptionId") is { Length: > 0 } id
            ? new EwsResult<EwsSubscribed>.Success(new EwsSubscribed(id, message.ChildText("Watermark")))
            : new EwsResult<EwsSubscribed>.Unreadable("The answer to Subscribe has no SubscriptionId."));

    /// <summary>The answer to Unsubscribe.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    /// <returns>Success holds true.</returns>
    public static EwsResult<bool> Unsubscribe(XElement envelope) => Single(envelope, _ => new EwsResult<bool>.Success(true));

    /// <summary>The answer to GetEvents.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    public static EwsResult<EwsNotification> GetEvents(XElement envelope) => Single(envelope, ReadNotificationOf);

    /// <summary>A push notification, which is a response frame sent as a request.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    public static EwsResult<EwsNotification> SendNotification(XElement envelope) => Single(envelope, ReadNotificationOf);

    /// <summary>A listener's answer to a push notification.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    public static EwsResult<SubscriptionStatus> SendNotificationResult(XElement envelope) =>
        Body(envelope)?.ChildText("SubscriptionStatus") switch
        {
            "OK" => new EwsResult<SubscriptionStatus>.Success(SubscriptionStatus.OK),
            "Unsubscribe" => new EwsResult<SubscriptionStatus>.Success(SubscriptionStatus.Unsubscribe),
            _ => new EwsResult<SubscriptionStatus>.Unreadable("The answer to the notification has no SubscriptionStatus of OK or Unsubscribe."),
        };

    /// <summary>One envelope of a streaming response.</summary>
    /// <param name="envelope">As <see cref="EwsEnvelopeSplitter"/> cuts them.</param>
    /// <returns>An error inside the message is part of the success; a fault is an error.</returns>
    public static EwsResult<EwsStreamMessage> Stream(XElement envelope)
    {
        if (Messages(envelope, out var fault) is not { } messages)
        {
            return Failed<EwsStreamMessage>(fault);
        }

        EwsError? problem = null;
        ConnectionStatus? status = null;
        var notifications = new List<EwsNotification>();
        var errorIds = new List<string>();
        foreach (var message in messages)
        {
            problem ??= ErrorOf(message);
            notifications.AddRange(message.Child("Notifications").Children("Notification").Select(ReadNotification));
            notifications.AddRange(message.Children("Notification").Select(ReadNotification));
            errorIds.AddRange(message.Child("ErrorSubscriptionIds").Children("SubscriptionId").Select(id => id.Value));
            status = message.ChildText("ConnectionStatus") switch
            {
                "OK" => ConnectionStatus.OK,
                "Closed" => ConnectionStatus.Closed,
                _ => status,
            };
        }

        return new EwsResult<EwsStreamMessage>.Success(new EwsStreamMessage(problem, notifications, errorIds, status));
    }

    /// <summary>The answer to GetFolder, CreateFolder or the like: one result for each folder asked for.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    public static EwsResult<IReadOnlyList<EwsResult<EwsFolder>>> Folders(XElement envelope) => Each(envelope, "Folders", ReadFolder);

    /// <summary>The answer to GetItem, CreateItem, MoveItem or the like: one result for each item asked for.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    public static EwsResult<IReadOnlyList<EwsResult<EwsItem>>> Items(XElement envelope) => Each(envelope, "Items", ReadItem);

    /// <summary>The answer to FindFolder with one parent.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    /// <param name="offset">Where the page that was asked for begins.</param>
    public static EwsResult<EwsFolderPage> FindFolder(XElement envelope, int offset = 0) => Single(envelope, message =>
    {
        var page = message.Child("RootFolder");
        List<XElement> folders = [.. page.Child("Folders")?.Elements() ?? []];
        var isLast = LiberalXml.Flag(page?.Attribute("IncludesLastItemInRange")?.Value) ?? true;
        return new EwsResult<EwsFolderPage>.Success(new EwsFolderPage(
            [.. folders.Select(ReadFolder).OfType<EwsFolder>()], isLast || folders.Count == 0 ? null : offset + folders.Count));
    });

    /// <summary>The answer to SyncFolderItems or SyncFolderHierarchy.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    public static EwsResult<EwsSyncAnswer> Sync(XElement envelope) => Single<EwsSyncAnswer>(envelope, message =>
        message.ChildText("SyncState") is { } state
            ? new EwsResult<EwsSyncAnswer>.Success(new EwsSyncAnswer(
                state,
                message.ChildFlag("IncludesLastItemInRange") ?? message.ChildFlag("IncludesLastFolderInRange") ?? true,
                [.. (message.Child("Changes")?.Elements() ?? []).Select(ReadChange).OfType<EwsChange>()]))
            : new EwsResult<EwsSyncAnswer>.Unreadable("The answer to the synchronisation has no SyncState."));

    /// <summary>The answer to any operation as it stands: a response under the operation's name, whatever its messages say.</summary>
    /// <param name="envelope">The SOAP envelope.</param>
    /// <param name="operation">Such as <c>GetItem</c>.</param>
    public static EwsResult<XElement> Whole(XElement envelope, string operation) => Body(envelope) switch
    {
        { Name.LocalName: "Fault" } fault => new EwsResult<XElement>.Error(EwsErrorReader.Read(fault)),
        { } body when body.Name == EwsNames.Messages + (operation + "Response") => new EwsResult<XElement>.Success(body),
        _ => new EwsResult<XElement>.Unreadable($"The answer to {operation} is another one."),
    };

    private static EwsResult<EwsNotification> ReadNotificationOf(XElement message) => message.Child("Notification") is { } notification
        ? new EwsResult<EwsNotification>.Success(ReadNotification(notification))
        : new EwsResult<EwsNotification>.Unreadable("The message has no Notification.");

    private static EwsNotification ReadNotification(XElement notification) => new(
        notification.ChildText("SubscriptionId") ?? "",
        notification.ChildText("PreviousWatermark"),
        notification.ChildFlag("MoreEvents"),
        [.. notification.Elements()
            .Where(element => element.Name.LocalName is not ("SubscriptionId" or "PreviousWatermark" or "MoreEvents"))
            .Select(EventXml.Read)]);

    private static EwsFolder? ReadFolder(XElement folder) => folder.Child("FolderId").ToId() is not { } id ? null : new EwsFolder(
        id,
        folder.Child("ParentFolderId").ToId(),
        folder.ChildText("DisplayName"),
        folder.ChildText("FolderClass"),
        folder.Name.LocalName == "SearchFolder");

    private static EwsItem? ReadItem(XElement item) => item.Child("ItemId").ToId() is not { } id ? null : new EwsItem(
        id,
        item.Child("ParentFolderId").ToId(),
        item.Name.LocalName,
        item.ChildText("Subject"),
        (item.Child("From") ?? item.Child("Sender")).Child("Mailbox").ChildText("EmailAddress"),
        LiberalXml.Time(item.ChildText("DateTimeReceived")),
        item.ChildText("InternetMessageId"),
        item.ChildFlag("IsRead"))
    {
        LastModified = LiberalXml.Time(item.ChildText("LastModifiedTime")),
        Size = item.ChildNumber("Size"),
        MimeContent = item.ChildText("MimeContent"),
    };

    private static EwsChange? ReadChange(XElement change)
    {
        EwsChangeKind? kind = change.Name.LocalName switch
        {
            "Create" => EwsChangeKind.Create,
            "Update" => EwsChangeKind.Update,
            "Delete" => EwsChangeKind.Delete,
            "ReadFlagChange" => EwsChangeKind.ReadFlagChange,
            _ => null,
        };
        // Create and Update wrap the object; Delete and ReadFlagChange hold its id themselves.
        var holder = kind is EwsChangeKind.Create or EwsChangeKind.Update ? change.Elements().FirstOrDefault() : change;
        var folder = holder.Child("FolderId").ToId();
        return kind is null || (folder ?? holder.Child("ItemId").ToId()) is not { } id ? null : new EwsChange(
            kind.Value,
            folder is not null,
            id,
            holder.Child("ParentFolderId").ToId(),
            folder is null ? holder.ChildText("Subject") : holder.ChildText("DisplayName"),
            holder.ChildFlag("IsRead"))
        {
            IsSearchFolder = holder?.Name.LocalName == "SearchFolder",
            IsDelivered = holder.ChildFlag("IsDraft") == false && holder.Child("ReceivedBy") is not null,
            Received = LiberalXml.Time(holder.ChildText("DateTimeReceived")),
            InternetMessageId = holder.ChildText("InternetMessageId"),
            LastModified = LiberalXml.Time(holder.ChildText("LastModifiedTime")),
        };
    }

    private static EwsResult<IReadOnlyList<EwsResult<T>>> Each<T>(XElement envelope, string list, Func<XElement, T?> read)
        where T : class
    {
        if (Messages(envelope, out var fault) is not { } messages)
        {
            return Failed<IReadOnlyList<EwsResult<T>>>(fault);
        }

        return new EwsResult<IReadOnlyList<EwsResult<T>>>.Success([.. messages.Select(message =>
            ErrorOf(message) is { } error ? new EwsResult<T>.Error(error)
            : message.Child(list)?.Elements().Select(read).FirstOrDefault() is { } value ? new EwsResult<T>.Success(value)
            : (EwsResult<T>)new EwsResult<T>.Unreadable($"The message has nothing in {list}."))]);
    }

    private static EwsResult<T> Single<T>(XElement envelope, Func<XElement, EwsResult<T>> read)
    {
        if (Messages(envelope, out var fault) is not { } messages)
        {
            return Failed<T>(fault);
        }

        return messages.FirstOrDefault() is not { } message ? new EwsResult<T>.Unreadable("The answer has no response message.")
            : ErrorOf(message) is { } error ? new EwsResult<T>.Error(error)
            : read(message);
    }

    private static EwsResult<T> Failed<T>(EwsError? fault) => fault is null
        ? new EwsResult<T>.Unreadable("The answer is no envelope with response messages.")
        : new EwsResult<T>.Error(fault);

    /// <summary>The elements under ResponseMessages, whatever they are called: gromox names one of them <c>m:x</c>.</summary>
    private static List<XElement>? Messages(XElement envelope, out EwsError? fault)
    {
        var body = Body(envelope);
        fault = body is { Name.LocalName: "Fault" } ? EwsErrorReader.Read(body) : null;
        return body.Child("ResponseMessages")?.Elements().ToList();
    }

    private static XElement? Body(XElement envelope) => envelope.Child("Body")?.Elements().FirstOrDefault();

    private static EwsError? ErrorOf(XElement message) =>
        message.Attribute("ResponseClass")?.Value == "Error" ? EwsErrorReader.ReadMessage(message) : null;
}
