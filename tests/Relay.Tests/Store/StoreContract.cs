using Relay.Store;
using Relay.Store.Sql;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Tests.Store;

/// <summary>What the contracts of all tables share: an empty store, a time, and rows to put in.</summary>
public abstract class StoreContract(TestStore database) : IAsyncLifetime
{
    internal static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    internal static readonly string[] ServiceAddress = ["ews@gateway.example"];

    protected TestStore Database { get; } = database;

    internal SqlStore Store => Database.Current;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Database.DisposeAsync();
    }

    internal Task<T> Commit<T>(Func<IStoreTransaction, T> work) => Store.CommitAsync(work, TestContext.Current.CancellationToken);

    internal Task Commit(Action<IStoreTransaction> work) => Commit(tx =>
    {
        work(tx);
        return 0;
    });

    internal static NewSpooledMail Mail(string id = "m1", byte[]? octets = null) => new(
        Noon,
        id,
        "app@branch.example",
        ServiceAddress,
        new MailOrigin("smtp", "127.0.0.1", "branch.example", true, "app"),
        new MailContent.Inline(octets ?? [1, 2, 3]));

    internal static NewOutboxMail OutMail(
        string messageId = "<1@gateway.example>", OutboxKind kind = OutboxKind.Answer, long? subscription = null, long? sequence = null) =>
        new(kind, null, "app@branch.example", messageId, new byte[] { 9, 8, 7 }, subscription, sequence, Noon);

    internal static MailboxEvent Event(string id = "item", MailboxEventType type = MailboxEventType.Created) => new()
    {
        Type = type,
        TimeStamp = Noon,
        Object = new EwsId(id, "change"),
        ParentFolder = new EwsId("inbox-id", "folder-change"),
    };

    internal static NewSubscription NewSubscription(string publicId = "public", string principal = "app", long mailbox = 1) => new(
        publicId,
        principal,
        SubscriptionKind.Push,
        mailbox,
        AllFolders: false,
        [new SubscribedFolder("inbox-id", "inbox"), new SubscribedFolder("sent-id", "Sent Items")],
        EwsEventTypes.Created | EwsEventTypes.NewMail,
        PeriodMinutes: 30,
        "app@branch.example",
        "ews@gateway.example",
        SoapVersion.Soap12,
        "<7f0c1d@branch.example>",
        new LogPosition(0),
        Noon,
        "{}");
}
