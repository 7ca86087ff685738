using System.Xml.Linq;

namespace Relay.Wire.Ews;

/// <summary>
/// Reads the requests about notifications. The operation is the body's first child: SOAPAction is useless, since the published
/// description gives GetStreamingEvents the action of GetEvents, and many clients send none.
/// </summary>
public static class EwsRequestReader
{
    /// <summary>Reads the first child of a SOAP body. What the schema demands is asked of <see cref="EwsSchema"/> first; here nothing throws.</summary>
    /// <param name="body">The operation's element.</param>
    /// <returns>The request, with empty text where an element is missing, or the name of an operation that is none of ours.</returns>
    public static EwsRequestResult Read(XElement body)
    {
        ArgumentNullException.ThrowIfNull(body);
        // The https: namespaces of some sample pages pass a lax validation, so the namespace is asked for here.
        EwsRequest? request = body.Name.Namespace != EwsNames.Messages ? null : body.Name.LocalName switch
        {
            "Subscribe" => ReadSubscribe(body),
            "GetEvents" => new GetEventsRequest(Text(body, "SubscriptionId"), Text(body, "Watermark")),
            "Unsubscribe" => new UnsubscribeRequest(Text(body, "SubscriptionId")),
            "GetStreamingEvents" => new GetStreamingEventsRequest(
                [.. body.Child("SubscriptionIds").Children("SubscriptionId").Select(id => id.Value)],
                body.ChildNumber("ConnectionTimeout") ?? 0),
            "SendNotificationResult" => new SendNotificationResultRequest(
                Text(body, "SubscriptionStatus") == "Unsubscribe" ? SubscriptionStatus.Unsubscribe : SubscriptionStatus.OK),
            _ => null,
        };
        return request is null ? new EwsRequestResult.UnknownOperation(body.Name) : new EwsRequestResult.Read(request);
    }

    /// <summary>The folders in an element such as FolderIds.</summary>
    /// <param name="folderIds">Its children are FolderId and DistinguishedFolderId; null gives none.</param>
    public static IReadOnlyList<FolderReference> ReadFolders(XElement? folderIds)
    {
        var folders = new List<FolderReference>();
        foreach (var element in folderIds?.Elements() ?? [])
        {
            if (element.ToId() is not { } id)
            {
                continue;
            }

            if (element.Name.LocalName == "DistinguishedFolderId")
            {
                folders.Add(new FolderReference.Distinguished(id.Id, element.Child("Mailbox").ChildText("EmailAddress")));
            }
            else if (element.Name.LocalName == "FolderId")
            {
                folders.Add(new FolderReference.ById(id));
            }
        }

        return folders;
    }

    /// <summary>The one folder in an element such as ToFolderId or SyncFolderId.</summary>
    /// <param name="holder">Its first child names the folder; null gives null.</param>
    public static FolderReference? ReadFolder(XElement? holder) => ReadFolders(holder) is [var first, ..] ? first : null;

    private static SubscribeRequest? ReadSubscribe(XElement body)
    {
        var request = body.Elements().FirstOrDefault();
        SubscriptionKind? kind = request?.Name.LocalName switch
        {
            "PullSubscriptionRequest" => SubscriptionKind.Pull,
            "PushSubscriptionRequest" => SubscriptionKind.Push,
            "StreamingSubscriptionRequest" => SubscriptionKind.Streaming,
            _ => null,
        };
        if (kind is null)
        {
            return null;
        }

        var types = EwsEventTypes.None;
        foreach (var type in request.Child("EventTypes").Children("EventType"))
        {
            types |= EventNames.FlagOf(type.Value);
        }

        return new SubscribeRequest(
            kind.Value,
            LiberalXml.Flag(request!.Attribute("SubscribeToAllFolders")?.Value) ?? false,
            ReadFolders(request.Child("FolderIds")),
            types,
            request.ChildText("Watermark"),
            request.ChildNumber("Timeout"),
            request.ChildNumber("StatusFrequency"),
            request.ChildText("URL"),
            request.ChildText("CallerData"));
    }

    private static string Text(XElement parent, string localName) => parent.ChildText(localName) ?? "";
}
