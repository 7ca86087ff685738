using Relay.Store;

namespace Relay.Outbound;

/// <summary>
/// The claimed mails of one route. Answers go before notifications; within each, the domains take turns, and none has more under way than its
/// window (<see cref="Lane"/>), nor, where others are there, all of the route's connections.
/// </summary>
/// <param name="connections">Of the route.</param>
/// <param name="runsLow">Rung when there is room for more.</param>
/// <param name="time">For rests.</param>
internal sealed class RouteQueue(int connections, Bell runsLow, TimeProvider time)
{
    /// <summary>Mails in hand, without their content, that keep every connection busy during a claim.</summary>
    public const int Enough = 64;

    // A domain that has all it may have under way and brought nothing to an end for so long is held to hang: no more of its mails are claimed.
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LanesKept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan HungLanesKept = TimeSpan.FromDays(1); // what hangs takes long, so there are few

    private const int LanesBeforeCleaning = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Lane> _lanes = [];
    private readonly LinkedList<Lane>[] _turns = [new(), new()];
    private int _waiting;

    /// <summary>Rung when something may have become takeable.</summary>
    public Bell Bell { get; } = new();

    public void Add(OutboxMail mail)
    {
        lock (_gate)
        {
            Clean();
            if (!_lanes.TryGetValue(mail.Lane, out var lane))
            {
                _lanes.Add(mail.Lane, lane = new Lane());
            }

            lane.Add(mail);
            _waiting++;
            if (lane.Count(mail.Kind) == 1)
            {
                _turns[(int)mail.Kind].AddLast(lane);
            }
        }

        Bell.Ring();
    }

    /// <summary>The next mail whose domain has room; <paramref name="isMore"/> tells whether another could follow at once.</summary>
    public OutboxMail? Take(out bool isMore)
    {
        lock (_gate)
        {
            var mail = Next(OutboxKind.Answer) ?? Next(OutboxKind.Notification);
            isMore = mail is not null && HasNext();
            if (mail is not null && --_waiting is 0 or Enough - 1)
            {
                runsLow.Ring();
            }

            return mail;
        }
    }

    public bool HasTakeable
    {
        get
        {
            lock (_gate)
            {
                return HasNext();
            }
        }
    }

    /// <summary>
    /// What became of a mail taken from here. Returns mails that should not wait in hand for a domain that hangs, and for how long it was found to hang.
    /// </summary>
    public (IReadOnlyList<OutboxMail> Left, TimeSpan HungFor) Done(OutboxMail mail, LaneVerdict verdict, TimeSpan rest)
    {
        lock (_gate)
        {
            IReadOnlyList<OutboxMail> left = [];
            var (lane, now) = (_lanes[mail.Lane], time.GetUtcNow());
            switch (verdict)
            {
                case LaneVerdict.Good:
                    lane.Delivered(connections, now);
                    break;
                case LaneVerdict.Later:
                    lane.Deferred(now);
                    break;
                case LaneVerdict.Silent:
                    left = lane.Hung(now, rest);
                    _waiting -= left.Count;
                    _turns[0].Remove(lane);
                    _turns[1].Remove(lane);
                    break;
                case LaneVerdict.None:
                    lane.End(now);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(verdict));
            }

            return (left, verdict == LaneVerdict.Silent ? lane.HungFor : TimeSpan.Zero);
        }
    }

    /// <summary>Everything that waits, when nothing more is to be sent.</summary>
    public IReadOnlyList<OutboxMail> TakeAll()
    {
        lock (_gate)
        {
            _turns[0].Clear();
            _turns[1].Clear();
            _waiting = 0;
            return [.. _lanes.Values.SelectMany(lane => lane.TakeAll())];
        }
    }

    /// <summary>How many mails wait for nothing but their turn, how many of them are answers, and which domains should be given no more.</summary>
    public (int Waiting, int Answers, IReadOnlyList<long> Busy) Load(bool isAway)
    {
        lock (_gate)
        {
            var (now, waiting, answers, busy) = (time.GetUtcNow(), 0, 0, new List<long>());
            foreach (var (number, lane) in _lanes)
            {
                if (isAway || IsStuck(lane, now))
                {
                    busy.Add(number);
                }
                else
                {
                    waiting += lane.Waiting;
                    answers += lane.Count(OutboxKind.Answer);
                }
            }

            return (waiting, answers, busy);
        }
    }

    private static bool IsResting(Lane lane, DateTimeOffset now) => lane.RestsUntil > now;

    private bool IsStuck(Lane lane, DateTimeOffset now) =>
        IsResting(lane, now) || (lane.InFlight >= Limit(lane) && now - lane.ChangedAt > Stuck);

    private int Limit(Lane lane) => Math.Min(lane.Window, HasOthers(lane) ? Math.Max(1, connections - 1) : connections);

    private bool HasOthers(Lane lane) => _turns.Any(turns => turns.Count > 0 && (turns.First!.Value != lane || turns.Last!.Value != lane));

    private bool MayBegin(Lane lane, DateTimeOffset now) => lane.InFlight < Limit(lane) && !IsResting(lane, now);

    private bool HasNext()
    {
        var now = time.GetUtcNow();
        return _turns.Any(turns => turns.Any(lane => MayBegin(lane, now)));
    }

    private OutboxMail? Next(OutboxKind kind)
    {
        var (turns, now) = (_turns[(int)kind], time.GetUtcNow());
        for (var turn = turns.First; turn is not null; turn = turn.Next)
        {
            var lane = turn.Value;
            if (!MayBegin(lane, now))
            {
                continue;
            }

            turns.Remove(turn);
            var mail = lane.Begin(kind, now);
            if (lane.Count(kind) > 0)
            {
                turns.AddLast(turn);
            }

            return mail;
        }

        return null;
    }

    private void Clean()
    {
        if (_lanes.Count < LanesBeforeCleaning)
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var (number, lane) in _lanes)
        {
            var before = now - (lane.HungFor > TimeSpan.Zero ? HungLanesKept : LanesKept);
            if (lane is { InFlight: 0, Waiting: 0 } && lane.ChangedAt < before && lane.RestsUntil < before)
            {
                _lanes.Remove(number);
            }
        }
    }
}
