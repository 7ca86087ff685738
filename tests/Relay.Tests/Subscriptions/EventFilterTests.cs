using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Tests.Subscriptions;

public sealed class EventFilterTests
{
    public static TheoryData<string, bool, MailboxEvent> Events => new()
    {
        { "an item in the folder", true, Event(MailboxEventType.Created, parent: "inbox") },
        { "an item in another folder", false, Event(MailboxEventType.Created, parent: "drafts") },
        { "a type that was not asked for", false, Event(MailboxEventType.FreeBusyChanged, parent: "inbox") },
        { "an item moved out of the folder", true, Event(MailboxEventType.Moved, parent: "archive", oldParent: "inbox") },
        { "an item moved between other folders", false, Event(MailboxEventType.Moved, parent: "archive", oldParent: "drafts") },
        { "the folder itself", true, Event(MailboxEventType.Modified, parent: "root", folder: "inbox") },
        { "a folder in the folder", true, Event(MailboxEventType.Created, parent: "inbox", folder: "child") },
        { "something in a folder of the folder: not recursive", false, Event(MailboxEventType.Created, parent: "child") },
        { "an item whose id is a folder's", false, Event(MailboxEventType.Created, parent: "drafts", item: "inbox") },
        { "an event that we do not know", false, Event(MailboxEventType.Unknown, parent: "inbox") },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void A_listed_folder_concerns(string why, bool expected, MailboxEvent e)
    {
        Assert.NotEmpty(why);
        Assert.Equal(expected, EventFilter.Matches(Sample(allFolders: false), e));
    }

    [Fact]
    public void All_folders_concern_everything_asked_for()
    {
        Assert.True(EventFilter.Matches(Sample(allFolders: true), Event(MailboxEventType.Created, parent: "anywhere")));
        Assert.False(EventFilter.Matches(Sample(allFolders: true), Event(MailboxEventType.FreeBusyChanged, parent: "anywhere")));
    }

    private static Subscription Sample(bool allFolders) => new(
        1, "S", "p", SubscriptionKind.Push, 1, allFolders, allFolders ? [] : [new SubscribedFolder("inbox", "inbox")],
        EwsEventTypes.Created | EwsEventTypes.Moved | EwsEventTypes.Modified, 30, "app@branch.example", "ews@gateway.example",
        SoapVersion.Soap11, null, new LogPosition(0), 0, SubscriptionState.Active, null, default, default, null);

    private static MailboxEvent Event(
        MailboxEventType type, string parent, string? oldParent = null, string? folder = null, string item = "item") => new()
        {
            Type = type,
            IsFolder = folder is not null,
            Object = new EwsId(folder ?? item, null),
            ParentFolder = new EwsId(parent, null),
            OldObject = oldParent is null ? null : new EwsId("old", null),
            OldParentFolder = oldParent is null ? null : new EwsId(oldParent, null),
        };
}
