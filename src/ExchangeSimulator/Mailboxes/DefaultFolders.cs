namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>What a new mailbox holds.</summary>
internal static class DefaultFolders
{
    /// <summary>Name as in the schema, display name, parent, element, class; parents first.</summary>
    public static readonly (string Name, string DisplayName, string? Parent, string Kind, string Class)[] All =
    [
        ("root", "Root", null, "Folder", "IPF"),
        ("msgfolderroot", "Top of Information Store", "root", "Folder", "IPF"),
        ("searchfolders", "Finder", "root", "Folder", "IPF"),
        // The folder behind the noise that a subscription to all folders hears; the schema has no name for it.
        ("allitems", "AllItems", "root", "SearchFolder", "IPF"),
        ("recoverableitemsroot", "Recoverable Items", "root", "Folder", "IPF"),
        ("recoverableitemsdeletions", "Deletions", "recoverableitemsroot", "Folder", "IPF"),
        ("recoverableitemspurges", "Purges", "recoverableitemsroot", "Folder", "IPF"),
        ("recoverableitemsversions", "Versions", "recoverableitemsroot", "Folder", "IPF"),
        ("calendar", "Calendar", "msgfolderroot", "CalendarFolder", "IPF.Appointment"),
        ("contacts", "Contacts", "msgfolderroot", "ContactsFolder", "IPF.Contact"),
        ("conversationhistory", "Conversation History", "msgfolderroot", "Folder", "IPF.Note"),
        ("deleteditems", "Deleted Items", "msgfolderroot", "Folder", "IPF.Note"),
        ("drafts", "Drafts", "msgfolderroot", "Folder", "IPF.Note"),
        ("inbox", "Inbox", "msgfolderroot", "Folder", "IPF.Note"),
        ("journal", "Journal", "msgfolderroot", "Folder", "IPF.Journal"),
        ("junkemail", "Junk Email", "msgfolderroot", "Folder", "IPF.Note"),
        ("notes", "Notes", "msgfolderroot", "Folder", "IPF.StickyNote"),
        ("outbox", "Outbox", "msgfolderroot", "Folder", "IPF.Note"),
        ("sentitems", "Sent Items", "msgfolderroot", "Folder", "IPF.Note"),
        ("tasks", "Tasks", "msgfolderroot", "TasksFolder", "IPF.Task"),
        ("archive", "Archive", "msgfolderroot", "Folder", "IPF.Note"),
    ];
}
