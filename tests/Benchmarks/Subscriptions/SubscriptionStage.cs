using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Benchmarks.Gateway;
using Relay.Notifications;
using Relay.Store;
using Relay.Store.Sql;
using Relay.Subscriptions;
using Relay.TestKit;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Benchmarks.Subscriptions;

/// <summary>A SQLite store with subscriptions, and the worker that serves them, without its thread.</summary>
internal sealed class SubscriptionStage : IAsyncDisposable
{
    private const int AtOnce = 1000;

    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<NotificationMeters>().BuildServiceProvider();
    private readonly Dictionary<int, long> _audiences = [];
    private SqlStore _store;
    private NotificationWorker _worker;
    private int _events;

    public SubscriptionStage() => (_store, _worker) = Open();

    public int Count { get; private set; }

    public async Task FillAsync(int subscriptions, int mailboxes)
    {
        for (int first = 0; first < subscriptions; first += AtOnce)
        {
            await AddAsync(AtOnce, n => $"m{(first + n) % mailboxes}@corp.example");
        }
    }

    /// <summary>For each number a mailbox with as many subscribers.</summary>
    public async Task AddAudiencesAsync(IEnumerable<int> audiences)
    {
        foreach (int audience in audiences)
        {
            string mailbox = $"audience{audience}@corp.example";
            await AddAsync(audience, _ => mailbox);
            _audiences[audience] = _store.Read(t => t.Watches.FindMailbox(mailbox)) ?? throw new InvalidOperationException("The mailbox was just made.");
        }
    }

    public async Task ReopenAsync()
    {
        _worker.Dispose();
        await _store.DisposeAsync();
        (_store, _worker) = Open();
    }

    public Task PassAsync() => _worker.OnceAsync(CancellationToken.None);

    public Task HappenAsync(int audience) => _store.CommitAsync(
        t => t.Events.Append(
            _audiences[audience],
            [new MailboxEvent { Type = MailboxEventType.NewMail, TimeStamp = DateTimeOffset.UtcNow, Object = new EwsId($"i{_events++}", "c"), ParentFolder = new EwsId("inbox", "c") }],
            false,
            DateTimeOffset.UtcNow),
        CancellationToken.None);

    /// <summary>The mail server takes what the event led to.</summary>
    public async Task DeliverAsync(int expected)
    {
        int delivered = 0;
        while (true)
        {
            var claimed = await _store.CommitAsync(t => t.Outbox.Claim(AtOnce, DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5)), CancellationToken.None);
            if (claimed.Count == 0)
            {
                break;
            }

            delivered += await _store.CommitAsync(t => claimed.Count(mail => t.Outbox.Delivered(mail.Id, "250 ok", DateTimeOffset.UtcNow)), CancellationToken.None);
            foreach (long subscription in claimed.Select(mail => mail.SubscriptionId).OfType<long>())
            {
                _store.Bells.Subscriptions.Ring(subscription);
            }
        }

        await PassAsync();
        if (delivered != expected)
        {
            throw new InvalidOperationException($"{delivered} mails instead of {expected}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _worker.Dispose();
        await _store.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AddAsync(int count, Func<int, string> mailbox)
    {
        await _store.CommitAsync(
            t => Enumerable.Range(0, count).Select(n => t.Subscriptions.Add(Subscription(t.Watches.MailboxId(mailbox(n)), Count + n))).Count(), CancellationToken.None);
        Count += count;
    }

    private static NewSubscription Subscription(long mailbox, int n)
    {
        string address = string.Create(CultureInfo.InvariantCulture, $"app{n % 2000}@branch.example");
        return new NewSubscription(
            Convert.ToBase64String(Guid.NewGuid().ToByteArray()), $"branch/{address}", SubscriptionKind.Push, mailbox, AllFolders: false,
            [new SubscribedFolder("inbox", "inbox"), new SubscribedFolder($"{mailbox}-sent", "Sent Items")], EwsEventTypes.NewMail, 1440, address,
            "ews@gateway.example", SoapVersion.Soap11, $"<{Guid.NewGuid():N}@branch.example>", new LogPosition(0), DateTimeOffset.UtcNow);
    }

    private (SqlStore Store, NotificationWorker Worker) Open()
    {
        var store = SqliteStore.Open("Data Source=relay.db", _folder.Path, TimeProvider.System);
        var (logId, key) = store.Read(t => (t.Identity.LogId, t.Identity.SigningKey));
        var ids = new OwnMessageIds(key, new IdSource(RandomNumberGenerator.Create()));
        var composer = new NotificationComposer(new WatermarkCodec(logId), new SubscriptionTokens(key), ids);
        var worker = new NotificationWorker(
            store, composer, new StreamClosing(store, ids, NullLogger<StreamClosing>.Instance),
            new SubscriptionClock(store, composer, NullLogger<SubscriptionClock>.Instance),
            new ContentFetching(new NoItems(), store, TimeProvider.System, NullLogger<ContentFetching>.Instance), _services.GetRequiredService<NotificationMeters>(), TimeProvider.System, NullLogger<NotificationWorker>.Instance);
        return (store, worker);
    }
}
