namespace Relay.Outbound;

/// <summary>
/// Whether a smarthost can be reached. While it cannot, mails are put back and no mail's attempts are used up; it is asked again, by one
/// connection, after a wait that doubles from half a second to 15 seconds, or to FirstRetry if that is shorter.
/// </summary>
internal sealed class SmarthostHealth(DeliveryOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private DateTimeOffset _askAgainAt = DateTimeOffset.MinValue;
    private TimeSpan _wait = FirstWait;
    private bool _isAway;
    private bool _isAsked;

    /// <summary>How long to leave the smarthost alone; zero when it may be asked.</summary>
    public TimeSpan UntilNextTry
    {
        get
        {
            lock (_gate)
            {
                var left = _askAgainAt - time.GetUtcNow();
                // A clock that is set back must not keep the smarthost waiting; one who asks already has its answer soon.
                return left > LongestWait ? LongestWait : left > TimeSpan.Zero ? left : _isAway && _isAsked ? FirstWait : TimeSpan.Zero;
            }
        }
    }

    public string? LastFailure { get; private set; }

    /// <summary>Whether to connect now. Of a smarthost that was away only the first caller is told so, until it says how that went.</summary>
    public bool TryAsk()
    {
        lock (_gate)
        {
            if (_isAway && (_isAsked || _askAgainAt > time.GetUtcNow()))
            {
                return false;
            }

            _isAsked = true;
            return true;
        }
    }

    /// <summary>The question of <see cref="TryAsk"/> was dropped.</summary>
    public void NotAsked()
    {
        lock (_gate)
        {
            _isAsked = false;
        }
    }

    /// <summary>It took a mail, or judged one: the next trouble is a new one.</summary>
    public void Works()
    {
        lock (_gate)
        {
            _wait = FirstWait;
        }
    }

    /// <summary>It let us in. Whether that is of use shows at the first mail, so the next wait is no shorter yet.</summary>
    public void Reached()
    {
        lock (_gate)
        {
            _askAgainAt = DateTimeOffset.MinValue;
            _isAway = _isAsked = false;
            LastFailure = null;
        }
    }

    /// <summary>Several connections that fail at the same time count once; true for the one that counts.</summary>
    public bool Failed(string reason)
    {
        lock (_gate)
        {
            LastFailure = reason;
            _isAsked = false;
            if (_isAway && _askAgainAt > time.GetUtcNow())
            {
                return false;
            }

            _isAway = true;
            _askAgainAt = time.GetUtcNow() + _wait;
            var longest = options.FirstRetry < LongestWait ? options.FirstRetry : LongestWait;
            _wait = _wait * 2 < longest ? _wait * 2 : longest;
            return true;
        }
    }
}
