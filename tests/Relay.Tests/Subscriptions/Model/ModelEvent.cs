using Relay.Wire.Ews;

namespace Relay.Tests.Subscriptions.Model;

/// <summary>An event as the model knows it; its item's id is its own, so that it can be recognised anywhere.</summary>
internal sealed record ModelEvent(long Position, int Mailbox, MailboxEventType Type, string Id, string Parent, string? OldParent, bool IsFolder)
{
    // Concerns a folder: happened in it, moved something out of it, or happened to it.
    public bool IsAskedForBy(ModelSubscriber subscriber) => Mailbox == subscriber.Mailbox
        && (subscriber.Types & Flag) != 0
        && (subscriber.Folders.Count == 0 || subscriber.Folders.Any(folder => folder == Parent || folder == OldParent || (IsFolder && folder == Id)));

    public MailboxEvent AsLogged(DateTimeOffset now) => new()
    {
        Type = Type,
        TimeStamp = now,
        IsFolder = IsFolder,
        Object = new EwsId(Id, "c"),
        ParentFolder = new EwsId(Parent, "c"),
        OldObject = OldParent is null ? null : new EwsId($"{Id}-before", "c"),
        OldParentFolder = OldParent is null ? null : new EwsId(OldParent, "c"),
    };

    private EwsEventTypes Flag => Type switch
    {
        MailboxEventType.Created => EwsEventTypes.Created,
        MailboxEventType.Deleted => EwsEventTypes.Deleted,
        MailboxEventType.Modified => EwsEventTypes.Modified,
        MailboxEventType.Moved => EwsEventTypes.Moved,
        _ => EwsEventTypes.NewMail,
    };
}
