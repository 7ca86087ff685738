using System.Globalization;
using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Notifications;

/// <summary>What a person wants to see in a list of mails: <c>NewMail in ann@corp.example/inbox</c>.</summary>
internal static class NotificationSubject
{
    public static string Of(Subscription subscription, string mailbox, IReadOnlyList<LoggedEvent> events)
    {
        string where = Where(subscription, mailbox, events);
        return events switch
        {
            [] => $"Status of {where}",
            [var only] => $"{only.Event.Type} in {where}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{events.Count} events in {where}"),
        };
    }

    /// <summary>Of a mail that tells of a gap.</summary>
    public static string OfGap(Subscription subscription, string mailbox) => $"Gap in {Where(subscription, mailbox, [])}";

    /// <summary>The mailbox, and the folder if it can be only one.</summary>
    public static string Where(Subscription subscription, string mailbox, IReadOnlyList<LoggedEvent> events) =>
        $"{mailbox}{FolderName(subscription, events)}";

    private static string FolderName(Subscription subscription, IReadOnlyList<LoggedEvent> events)
    {
        if (subscription.Folders is [var only])
        {
            return $"/{only.Name}";
        }

        var concerned = subscription.Folders.Where(folder => events.Any(logged => IsIn(logged.Event, folder.Id))).ToList();
        return concerned is [var one] ? $"/{one.Name}" : "";
    }

    private static bool IsIn(MailboxEvent e, string folderId) => e.ParentFolder.Id == folderId || e.OldParentFolder?.Id == folderId;
}
