using System.Globalization;
using System.Text.Json.Nodes;
using Relay.Wire.Ews;

namespace Relay.Client.Commands;

/// <summary>One event as a line of text and as JSON.</summary>
internal static class EventView
{
    public static string Text(MailboxEvent one) => one.Type switch
    {
        MailboxEventType.Status => "  Status    nothing new",
        MailboxEventType.Unknown => "  Unknown   an event that this program does not know",
        _ => string.Create(CultureInfo.InvariantCulture,
            $"  {one.Type,-9} {Time(one)}  {(one.IsFolder ? "folder" : "item")} {one.Object.Id}{From(one)}{Unread(one)}"),
    };

    public static JsonObject Json(MailboxEvent one) => one.Type is MailboxEventType.Status or MailboxEventType.Unknown
        ? new JsonObject { ["type"] = one.Type.ToString(), ["watermark"] = one.Watermark }
        : new JsonObject
        {
            ["type"] = one.Type.ToString(),
            ["watermark"] = one.Watermark,
            ["timeStamp"] = Time(one),
            ["object"] = one.IsFolder ? "folder" : "item",
            ["id"] = one.Object.Id,
            ["parentFolderId"] = one.ParentFolder.Id,
            ["oldId"] = one.OldObject?.Id,
            ["oldParentFolderId"] = one.OldParentFolder?.Id,
            ["unreadCount"] = one.UnreadCount,
        };

    public static string Time(MailboxEvent one) =>
        one.TimeStamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string From(MailboxEvent one) => one.OldObject is { } old ? $", was {old.Id}" : "";

    private static string Unread(MailboxEvent one) =>
        one.UnreadCount is { } unread ? string.Create(CultureInfo.InvariantCulture, $", {unread} unread") : "";
}
