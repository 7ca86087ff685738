using Relay.Outbound;
using Relay.Store;
using Relay.TestKit;

namespace Relay.Tests.Outbound;

public sealed class RouteQueueTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new(Noon);
    private readonly Bell _low = new();
    private readonly RouteQueue _queue;
    private long _next;

    public RouteQueueTests() => _queue = new RouteQueue(4, _low, _time);

    [Fact]
    public void Answers_go_before_notifications()
    {
        Add(lane: 1, OutboxKind.Notification);
        Add(lane: 2, OutboxKind.Answer);
        Assert.Equal([2L, 1L], [Take()!.Lane, Take()!.Lane]);
    }

    [Fact]
    public void Domains_take_turns_however_many_mails_one_has()
    {
        Enumerable.Range(0, 10).ToList().ForEach(_ => Add(lane: 1));
        Add(lane: 2);
        Add(lane: 3);
        Assert.Equal([1L, 2L, 3L], [Take()!.Lane, Take()!.Lane, Take()!.Lane]);
    }

    [Fact]
    public void A_domain_begins_with_one_mail_and_gets_all_connections_while_it_takes_them()
    {
        Enumerable.Range(0, 40).ToList().ForEach(_ => Add(lane: 1));
        Assert.Equal(1, TakeAll());
        for (int mail = 0; mail < 20; mail++)
        {
            End(lane: 1, LaneVerdict.Good);
            TakeAll();
        }

        Assert.Equal(4, InFlight);
    }

    [Fact]
    public void A_domain_leaves_one_connection_to_others_that_wait()
    {
        Grow(lane: 1);
        Enumerable.Range(0, 10).ToList().ForEach(_ => Add(lane: 1));
        Add(lane: 2);
        var taken = new List<long>();
        while (Take() is { } mail)
        {
            taken.Add(mail.Lane);
        }

        Assert.Contains(2L, taken);
        Assert.InRange(taken.Count(lane => lane == 1), 3, 4);
    }

    [Fact]
    public void A_deferral_halves_what_a_domain_has_under_way()
    {
        Grow(lane: 1);
        Enumerable.Range(0, 10).ToList().ForEach(_ => Add(lane: 1));
        Assert.Equal(4, TakeAll());
        End(lane: 1, LaneVerdict.Later);
        End(lane: 1, LaneVerdict.None);
        Assert.Equal(0, TakeAll());
        End(lane: 1, LaneVerdict.None);
        Assert.Equal(1, TakeAll());
    }

    [Fact]
    public void A_domain_that_is_silent_rests_and_gives_back_what_waits_for_it()
    {
        Add(lane: 1);
        Add(lane: 1);
        Add(lane: 1);
        var mail = Take()!;
        Assert.Equal(2, _queue.Done(mail, LaneVerdict.Silent, Rest).Left.Count);
        Add(lane: 1);
        Assert.Null(Take());
        Assert.Equal([1L], _queue.Load(isAway: false).Busy);
        _time.Advance(Rest);
        Assert.NotNull(Take());
    }

    [Fact]
    public void How_long_a_domain_hangs_is_told_but_not_the_time_in_which_nobody_asked_it()
    {
        Assert.Equal(TimeSpan.Zero, Hang());
        Assert.Equal(TimeSpan.FromMinutes(10), Hang(TimeSpan.FromMinutes(10)));
        Assert.Equal(TimeSpan.FromMinutes(70), Hang(TimeSpan.FromHours(5)));
        _time.Advance(Rest);
        Add(lane: 1);
        Take();
        End(lane: 1, LaneVerdict.Later);
        Assert.Equal(TimeSpan.FromMinutes(80), Hang(TimeSpan.FromMinutes(10) - Rest));
        _time.Advance(Rest);
        Add(lane: 1);
        Take();
        End(lane: 1, LaneVerdict.Good);
        Assert.Equal(TimeSpan.Zero, Hang(TimeSpan.FromMinutes(10)));
        Assert.Equal(TimeSpan.FromMinutes(10), Hang(TimeSpan.FromMinutes(10)));
        Assert.Equal(TimeSpan.Zero, Hang(TimeSpan.FromDays(3))); // of mail that came meanwhile it says nothing
        Assert.Equal(TimeSpan.FromMinutes(10), Hang(TimeSpan.FromMinutes(10)));

        TimeSpan Hang(TimeSpan after = default)
        {
            _time.Advance(after);
            Add(lane: 1);
            return _queue.Done(_queue.Take(out _)!, LaneVerdict.Silent, Rest).HungFor;
        }
    }

    [Fact]
    public void A_domain_that_brings_nothing_to_an_end_is_given_no_more_and_counts_for_nothing()
    {
        Add(lane: 1);
        Add(lane: 1);
        Add(lane: 2);
        Take();
        Assert.Equal(2, _queue.Load(isAway: false).Waiting);
        _time.Advance(TimeSpan.FromSeconds(6));
        var load = _queue.Load(isAway: false);
        Assert.Equal([1L], load.Busy);
        Assert.Equal(1, load.Waiting);
    }

    [Fact]
    public void No_domain_of_a_route_that_is_away_is_given_more()
    {
        Add(lane: 1);
        Add(lane: 2);
        var load = _queue.Load(isAway: true);
        Assert.Equal((2, 0), (load.Busy.Count, load.Waiting));
    }

    [Fact]
    public async Task The_bell_rings_when_it_runs_low()
    {
        Enumerable.Range(1, RouteQueue.Enough + 1).ToList().ForEach(lane => Add(lane));
        Take();
        var rung = _low.WaitAsync(TimeSpan.FromHours(1), _time, TestContext.Current.CancellationToken);
        Assert.False(rung.IsCompleted);
        Take();
        await rung;
    }

    [Fact]
    public void At_the_end_everything_that_waits_is_given_back()
    {
        Add(lane: 1);
        Add(lane: 2, OutboxKind.Answer);
        Assert.Equal(2, _queue.TakeAll().Count);
        Assert.Null(Take());
        Assert.False(_queue.HasTakeable);
    }

    private readonly List<OutboxMail> _flying = [];

    private int InFlight => _flying.Count;

    private void Grow(long lane)
    {
        for (int mail = 0; mail < 30; mail++)
        {
            Add(lane);
            Take();
            End(lane, LaneVerdict.Good);
        }
    }

    private void Add(long lane, OutboxKind kind = OutboxKind.Notification) =>
        _queue.Add(new OutboxMail(++_next, kind, null, "a@b.example", "<1@g>", 1, null, null, 1, Noon, lane) { ClaimedUntil = Noon.AddHours(1) });

    private OutboxMail? Take()
    {
        var mail = _queue.Take(out _);
        if (mail is not null)
        {
            _flying.Add(mail);
        }

        return mail;
    }

    private int TakeAll()
    {
        int taken = 0;
        while (Take() is not null)
        {
            taken++;
        }

        return taken;
    }

    private void End(long lane, LaneVerdict verdict)
    {
        var mail = _flying.First(one => one.Lane == lane);
        _flying.Remove(mail);
        _queue.Done(mail, verdict, Rest);
    }
}
