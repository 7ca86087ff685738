using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Notifications;

/// <summary>
/// Event log × cursors → notification mails and streamed answers in the outbox.
/// 1 looks again at subscriptions that changed or whose mail was settled, closes streams that are over, and does what leases and missing
/// acknowledgements demand; 2 finds the mailboxes with new
/// events and who asked for them; 3 finds who has heard nothing for its StatusFrequency; 4 reads each one's next events; 5 composes and commits
/// outbox rows and cursors together; 6 waits for the bell, for the next status or for the next end of a stream.
/// </summary>
/// <remarks>
/// At most one mail a subscription or stream is under way, so their order holds; what comes meanwhile waits in the log and goes with the next. When the
/// store is down everything is asked again: nothing is remembered but hints, and the rows tell the rest.
/// </remarks>
internal sealed class NotificationWorker(
    IStore store,
    NotificationComposer composer,
    StreamClosing streams,
    SubscriptionClock clock,
    ContentFetching contents,
    NotificationMeters meters,
    TimeProvider time,
    ILogger<NotificationWorker> logger) : BackgroundService
{
    private const int MailsPerCommit = 128;

    /// <summary>Mails that tell items are large: no more octets of them are in memory, but for one mail.</summary>
    private const long OctetsPerCommit = 16 * 1024 * 1024;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Worklist _work = new(store, logger);
    private readonly HashSet<long> _statusDue = [];
    private readonly HashSet<long> _unread = [];
    private readonly HashSet<long> _streamsTold = [];
    private bool _loaded;

    /// <summary>One round, until nothing is left to be told; a test need not wait for the bell.</summary>
    public async Task OnceAsync(CancellationToken cancellationToken)
    {
        bool more = true;
        while (more)
        {
            more = await RoundAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await RoundAsync(stoppingToken))
                {
                    await store.Bells.Events.WaitAsync(UntilNext(), time, stoppingToken); // 6
                }
            }
            catch (StoreUnavailableException exception)
            {
                _loaded = false;
                NotificationLog.StoreUnavailable(logger, exception.Fault, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                _loaded = false;
                NotificationLog.Failed(logger, exception);
                await Task.Delay(TimeSpan.FromSeconds(5), time, stoppingToken);
            }
        }
    }

    private async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        if (!_loaded)
        {
            NotificationLog.Loaded(logger, _work.Load());
            _loaded = true;
        }

        _work.TakeChanges(); // 1
        await streams.RunAsync(time.GetUtcNow(), cancellationToken);
        await clock.RunAsync(time.GetUtcNow(), _work.TakeMailed(), cancellationToken);
        bool more = _work.TakeEvents(); // 2
        _statusDue.UnionWith(_work.Served.TakeStatusDue(time.GetUtcNow())); // 3
        _work.Candidates.UnionWith(_statusDue);
        _work.Candidates.UnionWith(_work.Served.TakeHeld(time.GetUtcNow()));
        _streamsTold.Clear();
        await CommitAsync(contents.TakeReady(), cancellationToken);
        foreach (long[] batch in _work.Candidates.Chunk(MailsPerCommit).ToList())
        {
            var due = ReadPages(batch); // 4
            due.FindAll(one => one.NeedsItems).ForEach(one => contents.Start(one, cancellationToken));
            await CommitAsync(due.FindAll(one => !one.NeedsItems), cancellationToken); // 5
            _work.Candidates.ExceptWith(batch);
            _statusDue.ExceptWith(batch);
        }

        _work.Candidates.UnionWith(_unread);
        more |= _unread.Count > 0;
        _unread.Clear();
        return more;
    }

    private List<Due> ReadPages(long[] candidates) => store.Read(transaction =>
    {
        var now = time.GetUtcNow();
        var end = transaction.Events.End();
        var due = new List<Due>();
        foreach (long id in candidates)
        {
            if (_work.Served.Find(id) is not { } state || !state.IsIdle(now) || contents.IsFetching(id)
                || (!_statusDue.Contains(id) && state.IsHeld(now, transaction.Events, end)))
            {
                continue;
            }

            if (state.Stream is { } stream && (_work.Served.IsBusy(stream) || !_streamsTold.Add(stream.Id)))
            {
                _work.Served.Wait(stream, id);
                continue;
            }

            if (ReadPage(transaction, id, state, now, end) is { } told)
            {
                due.Add(told);
            }
        }

        return due;
    });

    /// <summary>Null when there is nothing to tell its subscriber, or not yet.</summary>
    private Due? ReadPage(IStoreTransaction transaction, long id, ServedState state, DateTimeOffset now, LogPosition end)
    {
        var page = state.Dropped?.Page(state.ReadTo) ?? DeliveryRules.Read(transaction.Events, state.Subscription, state.Wishes, state.ReadTo);
        bool tells = page.Events.Count > 0 || page.Gaps.Count > 0;
        _work.Served.ReadTo(id, tells ? state.ReadTo : page.ReadTo);
        if (!tells && page.More)
        {
            _unread.Add(id); // the log goes on behind what one page reads
        }

        if (tells && !_statusDue.Contains(id) && DeliveryRules.HeldUntil(page, state.Wishes, state.RestUpTo, now) is { } until)
        {
            _work.Served.Hold(id, until, new LogPosition(end.Value + state.Wishes.Enough() - page.Events.Count), end);
            return null;
        }

        if (tells || _statusDue.Contains(id))
        {
            var mailbox = transaction.Watches.AddressOf(state.Subscription.MailboxId);
            return new Due(state.Subscription, state.Stream, mailbox, page, state.Wishes) { IsOfDropped = state.Dropped is not null };
        }

        if (state.Stream is { } quiet)
        {
            _streamsTold.Remove(quiet.Id);
        }

        return null;
    }

    private async Task CommitAsync(List<Due> due, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        for (int done = 0; done < due.Count;)
        {
            var mails = new List<(Due Told, NewOutboxMail Mail)>();
            int from = done;
            while (done < due.Count && done - from < MailsPerCommit && mails.Sum(pair => (long)pair.Mail.Content.Length) < OctetsPerCommit)
            {
                mails.AddRange(Compose(due[done++], now) is { } pair ? [pair] : []);
            }

            await CommitAsync(due[from..done], mails, now, cancellationToken);
        }
    }

    private async Task CommitAsync(List<Due> due, List<(Due Told, NewOutboxMail Mail)> mails, DateTimeOffset now, CancellationToken cancellationToken)
    {
        mails.Sort(static (a, b) => a.Told.Subscription.Id.CompareTo(b.Told.Subscription.Id)); // two relays hold rows in one order
        await store.CommitAsync(
            transaction =>
            {
                mails.ForEach(pair => Leave(transaction, pair.Told, pair.Mail, now));
                return true;
            },
            cancellationToken);
        foreach (var whole in due)
        {
            _work.Served.NoteRest(whole.Subscription.Id, whole.WholeTo);
        }

        foreach (var (one, mail) in mails)
        {
            using var stage = StageTraces.Begin("notify", mail!.MessageId, now);
            store.Bells.Subscriptions.Ring(one.Subscription.Id);
            if (one.Page.Events is [.., { CaughtUp: false } last])
            {
                meters.Made(now - last.Event.TimeStamp);
            }

            NotificationLog.Composed(logger, one.Subscription.PublicId, one.Subscription.Sequence + 1, one.Page.Events.Count);
        }
    }

    // One subscription that cannot be served must not keep the others from their mail.
    private (Due Told, NewOutboxMail Mail)? Compose(Due due, DateTimeOffset now)
    {
        try
        {
            return composer.Fit(due, now);
        }
        catch (Exception exception)
        {
            NotificationLog.NotComposed(logger, due.Subscription.PublicId, exception);
            return null;
        }
    }

    // A subscription that has changed since it was read is left alone: whoever changed it has rung the bell.
    private static void Leave(IStoreTransaction transaction, Due due, NewOutboxMail mail, DateTimeOffset now)
    {
        var current = transaction.Subscriptions.Find(due.Subscription.Id);
        if (current is null || current.State != SubscriptionState.Active || current.Sequence != due.Subscription.Sequence
            || current.Cursor != due.Subscription.Cursor
            || (due.Stream is { } stream && transaction.Streams.Of(current.Id)?.Id != stream.Id))
        {
            return;
        }

        var settings = SubscriptionSettings.Of(current);
        if (settings.Dropped is not null && !due.IsOfDropped)
        {
            return; // the log let go of events meanwhile, perhaps of those before this page: they come first
        }

        long outboxId = transaction.Outbox.Add(mail);
        bool isGap = due.Page.Gaps.Count > 0; // which does not move the chain
        transaction.Subscriptions.Advance(current.Id, isGap ? current.Cursor : due.Page.Last, current.Sequence + 1, now);
        var changed = settings with
        {
            GapToldAt = isGap ? due.Page.ReadTo.Value : settings.GapToldAt,
            Dropped = isGap && settings.Dropped?.To <= due.Page.ReadTo.Value ? null : settings.Dropped,
            Awaited = settings.DemandsAcknowledgement ? new AwaitedAcknowledgement(outboxId, current.Sequence + 1) : null,
        };
        if (changed != settings)
        {
            changed.Save(transaction, current);
        }
    }

    private TimeSpan UntilNext()
    {
        var now = time.GetUtcNow();
        var status = _work.Served.NextStatusDue - now ?? LongestWait;
        var end = streams.NextEnd - now ?? LongestWait;
        var look = clock.NextLook - now ?? LongestWait;
        var held = _work.Served.NextHeld - now ?? LongestWait;
        var wait = new[] { status, end, look, held }.Min();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait;
    }
}
