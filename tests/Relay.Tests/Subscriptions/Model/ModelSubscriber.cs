using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Tests.Subscriptions.Model;

/// <summary>
/// A subscriber that does what docs/subscriptions.md asks of it. 1 A mail with a number that it has had, or under an id that it has had, is thrown
/// away. 2 A number that is not the next, or a PreviousWatermark that is not its own, makes it ask with GetEvents from its last watermark. 3 An event that it
/// has had is thrown away. 4 Its watermark becomes that of the mail. 5 A notice of the end makes it subscribe again with its watermark.
/// </summary>
internal sealed class ModelSubscriber(int number, SubscriptionKind kind, int mailbox, EwsEventTypes types, IReadOnlyList<string> folders, bool acknowledges, DeliveryWishes wishes)
{
    private readonly HashSet<string> _had = [];

    public int Number { get; } = number;

    public SubscriptionKind Kind { get; } = kind;

    public int Mailbox { get; } = mailbox;

    public EwsEventTypes Types { get; } = types;

    /// <summary>Empty means all.</summary>
    public IReadOnlyList<string> Folders { get; } = folders;

    public bool Acknowledges { get; } = acknowledges;

    /// <summary>Of its Subscribe: whose mailbox, where no folder says so, and that notifications wait for it.</summary>
    public IReadOnlyList<XElement> HeaderBlocks =>
    [
        new XElement(
            EwsNames.Types + "ExchangeImpersonation",
            new XElement(EwsNames.Types + "ConnectingSID", new XElement(EwsNames.Types + "SmtpAddress", $"m{Mailbox}@corp.example"))),
        .. Acknowledges ? [new XElement(XNamespace.Get("urn:soap-relay:v1") + "Acknowledge")] : Array.Empty<XElement>(),
        .. wishes == DeliveryWishes.None ? Array.Empty<XElement>() : [DeliveryHeader.Write(wishes)],
    ];

    public string Address => $"app{Number}@branch.example";

    public string Id { get; private set; } = "";

    public string Watermark { get; private set; } = "";

    public long Sequence { get; private set; }

    /// <summary>Where the log stood at its first Subscribe: it wants all that comes after.</summary>
    public long From { get; set; }

    public bool HasLeft { get; set; }

    public bool IsPaused { get; set; }

    public bool IsStreaming { get; set; }

    /// <summary>The ids of the events that it was told, as they came.</summary>
    public List<string> Told { get; } = [];

    /// <summary>How often it had to ask for what a mail should have told.</summary>
    public int Asked { get; private set; }

    public SubscribeRequest Request(string? watermark)
    {
        string mailbox = $"m{Mailbox}@corp.example";
        return new SubscribeRequest(
            Kind, Folders.Count == 0, [.. Folders.Select(name => new FolderReference.Distinguished(name, mailbox))], Types,
            Kind == SubscriptionKind.Streaming ? null : watermark,
            Kind == SubscriptionKind.Pull ? 1440 : null,
            Kind == SubscriptionKind.Push ? 10 : null,
            Kind == SubscriptionKind.Push ? $"mailto:{Address}" : null);
    }

    public void Subscribed(string id, string watermark)
    {
        Id = id;
        Watermark = watermark;
        Sequence = 0;
    }

    /// <summary>False for a mail that is thrown away.</summary>
    public async Task<bool> TakeAsync(ModelMail mail, Func<string, string, Task<EwsNotification>> getEvents)
    {
        if (mail.Subscription != Id || mail.Sequence <= Sequence || mail.Notification is null)
        {
            return false;
        }

        bool isNext = mail.Sequence == Sequence + 1 && (mail.Notification.PreviousWatermark is not { } previous || previous == Watermark);
        if (!isNext)
        {
            await CatchUpAsync(getEvents);
        }

        Sequence = mail.Sequence;
        Tell(mail.Notification);
        Watermark = mail.Watermark!;
        return true;
    }

    public async Task CatchUpAsync(Func<string, string, Task<EwsNotification>> getEvents)
    {
        Asked++;
        bool more = true;
        while (more)
        {
            var page = await getEvents(Id, Watermark);
            Assert.Equal(Watermark, page.PreviousWatermark);
            Tell(page);
            more = page.MoreEvents == true;
            Watermark = page.Events[^1].Watermark!;
        }
    }

    private void Tell(EwsNotification notification) =>
        Told.AddRange(notification.Events.Where(e => e.Type != MailboxEventType.Status).Select(e => e.Object.Id).Where(_had.Add));
}
