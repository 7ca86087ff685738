using Microsoft.Extensions.Logging;
using Relay.Notifications;
using Relay.Store;
using Relay.Subscriptions;
using Relay.TestKit;
using Relay.Tests.Exchange;
using Relay.Tests.Store;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Tests.Subscriptions;

/// <summary>An Exchange that says nothing of an item: late when it has had its time, not when the relay stops.</summary>
public sealed class ContentFetchingTests : IAsyncDisposable
{
    private readonly SqliteTestStore _database = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CollectedLines _lines = new();
    private readonly SilentItems _items = new();
    private readonly ContentFetching _fetching;

    public ContentFetchingTests() => _fetching = new ContentFetching(
        _items, _database.Current, _time, LoggerFactory.Create(logging => logging.AddProvider(_lines)).CreateLogger<ContentFetching>());

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _lines.Dispose();
    }

    [Fact]
    public async Task What_comes_late_is_told_without_content_and_logged()
    {
        _fetching.Start(Wanted(), CancellationToken.None);
        await Eventually.CompletesAsync(_items.Asked, "the question");
        _time.Advance(TimeSpan.FromSeconds(15));

        await Eventually.TrueAsync(() => _fetching.TakeReady().Count == 1, "the notification without content");
        Assert.Contains("not told in time", Assert.Single(_lines.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_that_stops_calls_nothing_late_and_tells_nothing_without_content()
    {
        using var stop = new CancellationTokenSource();
        _fetching.Start(Wanted(), stop.Token);
        await Eventually.CompletesAsync(_items.Asked, "the question");
        await stop.CancelAsync();

        await Eventually.CompletesAsync(_items.Ended, "the end of the question");
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        Assert.Empty(_lines.Lines);
        Assert.Empty(_fetching.TakeReady());
    }

    private Due Wanted()
    {
        var subscription = new Subscription(
            1, "S", "p", SubscriptionKind.Push, 1, true, [], EwsEventTypes.All, 30, "sub@branch.example", "ews@gateway.example", SoapVersion.Soap11, null,
            new LogPosition(0), 0, SubscriptionState.Active, null, _time.GetUtcNow(), _time.GetUtcNow(), null);
        var created = new MailboxEvent { Type = MailboxEventType.Created, Object = new EwsId("X"), ParentFolder = new EwsId("F") };
        var page = new EventPage([new LoggedEvent(new LogPosition(1), 1, created, CaughtUp: false)], new LogPosition(1), false);
        return new Due(subscription, null, "ann@corp.example", page, new DeliveryWishes { Content = DeliveryContent.Properties });
    }

    private sealed class SilentItems : INotifiedItems
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public Task Ended => _ended.Task;

        public async Task<IReadOnlyDictionary<string, NotifiedItem>> FetchAsync(
            string mailbox, IReadOnlyList<string> itemIds, int largest, CancellationToken cancellationToken)
        {
            _asked.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return new Dictionary<string, NotifiedItem>();
            }
            finally
            {
                _ended.SetResult();
            }
        }
    }
}
