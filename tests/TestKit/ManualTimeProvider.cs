namespace Relay.TestKit;

/// <summary>
/// A clock whose hand the test moves. Timers fire on the moving thread, in the order in which they are due, with the hand standing at
/// their due time: a timer that arms another one within the same move sees it fire too.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private DateTimeOffset _now;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTimeProvider(DateTimeOffset start)
    {
        _start = start;
        _now = start;
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that are armed: a test waits for this to rise before it moves the hand past them.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => (GetUtcNow() - _start).Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the hand forward and fires what comes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset end = GetUtcNow() + by;
        while (TakeDue(end) is { } due)
        {
            due.Fire();
        }

        lock (_gate)
        {
            _now = end > _now ? end : _now;
        }
    }

    /// <summary>Sets the wall clock to another time, forward or back, without any time passing: timers keep what was left to them.</summary>
    public void Jump(DateTimeOffset to)
    {
        lock (_gate)
        {
            TimeSpan by = to - _now;
            _now = to;
            foreach (ManualTimer timer in _timers)
            {
                timer.Due += by;
            }
        }
    }

    /// <summary>Waits in real time until at least so many timers are armed: then whoever is tested has come to its wait.</summary>
    public Task ArmedAsync(int atLeast = 1) =>
        Eventually.TrueAsync(() => ArmedTimers >= atLeast, $"{atLeast} timer(s) armed on the manual clock");

    internal void Arm(ManualTimer timer, TimeSpan dueIn, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            timer.Period = period;
            if (dueIn != Timeout.InfiniteTimeSpan)
            {
                timer.Due = _now + dueIn;
                _timers.Add(timer);
            }
        }

        if (dueIn == TimeSpan.Zero)
        {
            // As the system's timer does: due at once means now, not at the next move of the hand.
            Advance(TimeSpan.Zero);
        }
    }

    internal bool Disarm(ManualTimer timer)
    {
        lock (_gate)
        {
            return _timers.Remove(timer);
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            ManualTimer? due = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (due is null)
            {
                return null;
            }

            _now = due.Due > _now ? due.Due : _now;
            if (due.Period > TimeSpan.Zero)
            {
                due.Due += due.Period;
            }
            else
            {
                _timers.Remove(due);
            }

            return due;
        }
    }
}
