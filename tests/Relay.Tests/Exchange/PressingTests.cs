using Relay.Exchange;
using Relay.TestKit;
using Relay.Wire.Ews;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>A mail that is thrown away is settled within a minute or so, also when that is told while the sync states are being moved forward.</summary>
public sealed class PressingTests : IAsyncLifetime
{
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(10);
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync();
        _stage.Options.SettleEvery = Often;
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task What_presses_while_the_states_are_moved_forward_is_not_forgotten_with_their_success()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var (group, ann) = await ReadyAsync();
        var moved = TakeForAdvance(group, ann);

        var advancing = _stage.Preparer.PrepareAsync(group, ann, CancellationToken.None);
        group.Told(ann, [Event(MailboxEventType.Deleted, moved + TimeSpan.FromHours(2))], isPressing: true, moved);
        await Eventually.CompletesAsync(advancing, "the states moved forward");

        Assert.InRange(group.Schedule.NextDue()!.Value - moved, TimeSpan.Zero, Often / 2);
    }

    [Fact]
    public async Task What_pressed_before_is_settled_with_them()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var (group, ann) = await ReadyAsync();
        group.Told(ann, [Event(MailboxEventType.Deleted, DateTimeOffset.UtcNow)], isPressing: true, DateTimeOffset.UtcNow);
        var moved = TakeForAdvance(group, ann);

        var advancing = _stage.Preparer.PrepareAsync(group, ann, CancellationToken.None);
        group.Told(ann, [Event(MailboxEventType.Created, moved + TimeSpan.FromHours(2))], isPressing: false, moved);
        await Eventually.CompletesAsync(advancing, "the states moved forward");

        Assert.Equal(moved + Often, group.Schedule.NextDue());
    }

    [Fact]
    public async Task States_that_could_not_be_moved_forward_press_on()
    {
        await _stage.WatchAsync(Ann, "inbox");
        var (group, ann) = await ReadyAsync();
        group.Told(ann, [Event(MailboxEventType.Deleted, DateTimeOffset.UtcNow)], isPressing: true, DateTimeOffset.UtcNow);
        var moved = TakeForAdvance(group, ann);

        _stage.Proxy.Refuses = true;
        _stage.Proxy.CutAll();
        await _stage.Preparer.PrepareAsync(group, ann, CancellationToken.None);

        Assert.InRange(group.Schedule.NextDue()!.Value - moved, TimeSpan.Zero, Often / 2);
    }

    /// <summary>A group of the test's own, so that nobody else moves its states.</summary>
    private async Task<(WatchGroup Group, MailboxWatch Ann)> ReadyAsync()
    {
        var id = _stage.Store.Read(transaction => transaction.Watches.FindMailbox(Ann)!.Value);
        var ann = new MailboxWatch(id, Ann, null, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), new Random(1)));
        var group = new WatchGroup(Ann, _stage.Options);
        group.TryAdd(ann);
        Assert.Single(group.Schedule.TakeDue(DateTimeOffset.UtcNow));
        await _stage.Preparer.PrepareAsync(group, ann, CancellationToken.None);
        Assert.True(ann.IsReady);
        return (group, ann);
    }

    /// <summary>Has its states due to be moved forward; returns when that was.</summary>
    private DateTimeOffset TakeForAdvance(WatchGroup group, MailboxWatch ann)
    {
        var now = DateTimeOffset.UtcNow;
        group.Told(ann, [Event(MailboxEventType.Created, now)], isPressing: false, now);
        var due = now + _stage.Options.SettleAfter;
        Assert.Same(ann, Assert.Single(group.Schedule.TakeDue(due)));
        Assert.True(ann.NeedsAdvance);
        return due;
    }

    private static MailboxEvent Event(MailboxEventType type, DateTimeOffset time) => new()
    {
        Type = type,
        TimeStamp = time,
        Object = new EwsId("X"),
        ParentFolder = new EwsId("elsewhere"),
    };
}
