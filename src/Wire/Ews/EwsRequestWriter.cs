using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Relay.Wire.Ews;

/// <summary>Writes the requests that a client of Exchange sends. Every element is valid by the Exchange schema if its values are.</summary>
public static class EwsRequestWriter
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    /// <summary>A whole SOAP 1.1 request in UTF-8 with a declaration.</summary>
    /// <param name="body">The operation.</param>
    /// <param name="serverVersion">Such as <c>Exchange2013_SP1</c>; streaming needs Exchange2010_SP1 or later.</param>
    /// <param name="impersonate">The SMTP address of the mailbox to act for; null writes no impersonation header.</param>
    /// <param name="blocks">Further header blocks.</param>
    public static byte[] Envelope(XElement body, string serverVersion, string? impersonate = null, params IReadOnlyList<XElement> blocks)
    {
        var header = new XElement(EwsNames.Soap + "Header",
            new XElement(T + "RequestServerVersion", new XAttribute("Version", serverVersion)));
        if (impersonate is not null)
        {
            header.Add(new XElement(T + "ExchangeImpersonation",
                new XElement(T + "ConnectingSID", new XElement(T + "SmtpAddress", impersonate))));
        }

        header.Add(blocks);
        var envelope = new XElement(EwsNames.Soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "soap", EwsNames.SoapUri),
            new XAttribute(XNamespace.Xmlns + "m", EwsNames.MessagesUri),
            new XAttribute(XNamespace.Xmlns + "t", EwsNames.TypesUri),
            header,
            new XElement(EwsNames.Soap + "Body", body));
        using var octets = new MemoryStream();
        using (var writer = XmlWriter.Create(octets, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            envelope.Save(writer);
        }

        return octets.ToArray();
    }

    /// <summary>Subscribe with the one kind of request that the record names.</summary>
    /// <param name="request">Values for another kind than its own are left out.</param>
    public static XElement Subscribe(SubscribeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var inner = new XElement(M + (request.Kind + "SubscriptionRequest"));
        if (request.AllFolders)
        {
            inner.Add(new XAttribute("SubscribeToAllFolders", "true"));
        }

        if (request.Folders.Count > 0)
        {
            inner.Add(new XElement(T + "FolderIds", request.Folders.Select(Folder)));
        }

        inner.Add(new XElement(T + "EventTypes", EventNames.NamesOf(request.EventTypes).Select(name => new XElement(T + "EventType", name))));
        if (request.Kind != SubscriptionKind.Streaming && request.Watermark is not null)
        {
            inner.Add(new XElement(T + "Watermark", request.Watermark));
        }

        if (request.Kind == SubscriptionKind.Pull)
        {
            inner.Add(Number(T + "Timeout", request.TimeoutMinutes));
        }
        else if (request.Kind == SubscriptionKind.Push)
        {
            inner.Add(Number(T + "StatusFrequency", request.StatusFrequencyMinutes), new XElement(T + "URL", request.Url));
            inner.Add(request.CallerData is null ? null : new XElement(T + "CallerData", request.CallerData));
        }

        return new XElement(M + "Subscribe", inner);
    }

    /// <summary>GetEvents.</summary>
    /// <param name="subscriptionId">Of a pull subscription.</param>
    /// <param name="watermark">The last one received; servers without watermarks still want some text, since the schema does.</param>
    public static XElement GetEvents(string subscriptionId, string watermark) => new(M + "GetEvents",
        new XElement(M + "SubscriptionId", subscriptionId), new XElement(M + "Watermark", watermark));

    /// <summary>Unsubscribe.</summary>
    /// <param name="subscriptionId">Of a pull or streaming subscription.</param>
    public static XElement Unsubscribe(string subscriptionId) =>
        new(M + "Unsubscribe", new XElement(M + "SubscriptionId", subscriptionId));

    /// <summary>GetStreamingEvents. The ids are in the types namespace; a widely copied sample has them in the other one.</summary>
    /// <param name="subscriptionIds">1..200.</param>
    /// <param name="connectionTimeoutMinutes">1..30.</param>
    public static XElement GetStreamingEvents(IEnumerable<string> subscriptionIds, int connectionTimeoutMinutes) =>
        new(M + "GetStreamingEvents",
            new XElement(M + "SubscriptionIds", subscriptionIds.Select(id => new XElement(T + "SubscriptionId", id))),
            Number(M + "ConnectionTimeout", connectionTimeoutMinutes));

    /// <summary>SendNotificationResult, a listener's answer.</summary>
    /// <param name="status">Whether to go on.</param>
    public static XElement SendNotificationResult(SubscriptionStatus status) =>
        new(M + "SendNotificationResult", new XElement(M + "SubscriptionStatus", status.ToString()));

    /// <summary>GetFolder.</summary>
    /// <param name="folders">One response message comes back for each, in this order.</param>
    /// <param name="shape"><c>IdOnly</c>, <c>Default</c> (with names and counts) or <c>AllProperties</c>.</param>
    public static XElement GetFolder(IEnumerable<FolderReference> folders, string shape = "Default") => new(M + "GetFolder",
        new XElement(M + "FolderShape", new XElement(T + "BaseShape", shape)),
        new XElement(M + "FolderIds", folders.Select(Folder)));

    /// <summary>GetItem.</summary>
    /// <param name="items">One response message comes back for each, in this order.</param>
    /// <param name="shape"><c>IdOnly</c>, <c>Default</c> or <c>AllProperties</c>.</param>
    /// <param name="fields">Beside the shape, such as <c>item:LastModifiedTime</c>.</param>
    public static XElement GetItem(IEnumerable<EwsId> items, string shape = "Default", params IReadOnlyList<string> fields) =>
        GetItem(items, withMime: false, shape, fields);

    /// <summary>GetItem, with the items themselves.</summary>
    /// <param name="items">One response message comes back for each, in this order.</param>
    /// <param name="withMime">Whether each item comes as MIME.</param>
    /// <param name="shape"><c>IdOnly</c>, <c>Default</c> or <c>AllProperties</c>.</param>
    /// <param name="fields">Beside the shape, such as <c>item:LastModifiedTime</c>.</param>
    public static XElement GetItem(IEnumerable<EwsId> items, bool withMime, string shape, IReadOnlyList<string> fields) => new(M + "GetItem",
        new XElement(M + "ItemShape",
            new XElement(T + "BaseShape", shape),
            withMime ? new XElement(T + "IncludeMimeContent", "true") : null,
            fields.Count == 0 ? null : new XElement(T + "AdditionalProperties", fields.Select(Field))),
        new XElement(M + "ItemIds", items.Select(Item)));

    /// <summary>SyncFolderItems with ids and, of new and changed items, what tells delivered mail from other items, when each changed, and its Message-ID.</summary>
    /// <param name="folder">Not a search folder.</param>
    /// <param name="syncState">From the last answer; null for the first time.</param>
    /// <param name="maxChanges">1..512.</param>
    public static XElement SyncFolderItems(FolderReference folder, string? syncState, int maxChanges = 512) => new(M + "SyncFolderItems",
        new XElement(M + "ItemShape",
            new XElement(T + "BaseShape", "IdOnly"),
            new XElement(T + "AdditionalProperties",
                Field("item:IsDraft"), Field("item:DateTimeReceived"), Field("item:LastModifiedTime"), Field("message:ReceivedBy"),
                Field("message:InternetMessageId"))),
        new XElement(M + "SyncFolderId", Folder(folder)),
        syncState is null ? null : new XElement(M + "SyncState", syncState),
        Number(M + "MaxChangesReturned", maxChanges));

    /// <summary>SyncFolderHierarchy with names and counts.</summary>
    /// <param name="root">The folder whose descendants count; null for the mailbox's msgfolderroot.</param>
    /// <param name="syncState">From the last answer; null for the first time.</param>
    public static XElement SyncFolderHierarchy(FolderReference? root, string? syncState) => new(M + "SyncFolderHierarchy",
        new XElement(M + "FolderShape", new XElement(T + "BaseShape", "Default")),
        root is null ? null : new XElement(M + "SyncFolderId", Folder(root)),
        syncState is null ? null : new XElement(M + "SyncState", syncState));

    /// <summary>FindFolder over all descendants, with names and counts.</summary>
    /// <param name="parent">Where to begin.</param>
    /// <param name="offset">How many folders to leave out, that earlier pages held.</param>
    public static XElement FindFolder(FolderReference parent, int offset = 0) => new(M + "FindFolder",
        new XAttribute("Traversal", "Deep"),
        new XElement(M + "FolderShape", new XElement(T + "BaseShape", "Default")),
        offset == 0 ? null : new XElement(
            M + "IndexedPageFolderView",
            new XAttribute("MaxEntriesReturned", 1000),
            new XAttribute("Offset", offset),
            new XAttribute("BasePoint", "Beginning")),
        new XElement(M + "ParentFolderIds", Folder(parent)));

    /// <summary>CreateItem with one mail.</summary>
    /// <param name="disposition"><c>SaveOnly</c>, <c>SendOnly</c> or <c>SendAndSaveCopy</c>.</param>
    /// <param name="savedIn">Where the item or its copy goes; null for drafts or sent items.</param>
    /// <param name="subject">Any text.</param>
    /// <param name="body">Plain text.</param>
    /// <param name="to">Addresses; may be empty for SaveOnly.</param>
    public static XElement CreateItem(string disposition, FolderReference? savedIn, string subject, string body, IEnumerable<string> to)
    {
        var recipients = to.Select(address => new XElement(T + "Mailbox", new XElement(T + "EmailAddress", address))).ToArray();
        return new XElement(M + "CreateItem",
            new XAttribute("MessageDisposition", disposition),
            savedIn is null ? null : new XElement(M + "SavedItemFolderId", Folder(savedIn)),
            new XElement(M + "Items", new XElement(T + "Message",
                new XElement(T + "Subject", subject),
                new XElement(T + "Body", new XAttribute("BodyType", "Text"), body),
                recipients.Length == 0 ? null : new XElement(T + "ToRecipients", recipients))));
    }

    /// <summary>A FolderId or DistinguishedFolderId element.</summary>
    /// <param name="folder">Which folder.</param>
    public static XElement Folder(FolderReference folder) => folder switch
    {
        FolderReference.ById byId => Id(T + "FolderId", byId.Id),
        FolderReference.Distinguished named => new XElement(T + "DistinguishedFolderId",
            new XAttribute("Id", named.Name),
            named.Mailbox is null ? null : new XElement(T + "Mailbox", new XElement(T + "EmailAddress", named.Mailbox))),
        _ => throw new ArgumentException("The two kinds of reference are the only ones.", nameof(folder)),
    };

    private static XElement Item(EwsId id) => Id(T + "ItemId", id);

    private static XElement Id(XName name, EwsId id) => new(name,
        new XAttribute("Id", id.Id), id.ChangeKey is null ? null : new XAttribute("ChangeKey", id.ChangeKey));

    private static XElement Field(string uri) => new(T + "FieldURI", new XAttribute("FieldURI", uri));

    private static XElement Number(XName name, int? value) => new(name, value?.ToString(CultureInfo.InvariantCulture));
}
