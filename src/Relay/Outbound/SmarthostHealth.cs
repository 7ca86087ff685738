namespace Relay.Outbound;

/// <summary>
/// Whether the smarthost can be reached. While it cannot, mails are put back and no mail's attempts are used up; it is asked again after a
/// wait that doubles from half a second to 15 seconds, or to FirstRetry if that is shorter.
/// </summary>
internal sealed class SmarthostHealth(DeliveryOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private DateTimeOffset _askAgainAt = DateTimeOffset.MinValue;
    private TimeSpan _wait = FirstWait;

    /// <summary>How long to leave the smarthost alone; zero when it may be asked.</summary>
    public TimeSpan UntilNextTry
    {
        get
        {
            lock (_gate)
            {
                var left = _askAgainAt - time.GetUtcNow();
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    public string? LastFailure { get; private set; }

    public void Reached()
    {
        lock (_gate)
        {
            _askAgainAt = DateTimeOffset.MinValue;
            _wait = FirstWait;
            LastFailure = null;
        }
    }

    /// <summary>Several connections that fail at the same time count once; true for the one that counts.</summary>
    public bool Failed(string reason)
    {
        lock (_gate)
        {
            LastFailure = reason;
            if (_askAgainAt > time.GetUtcNow())
            {
                return false;
            }

            _askAgainAt = time.GetUtcNow() + _wait;
            var longest = options.FirstRetry < LongestWait ? options.FirstRetry : LongestWait;
            _wait = _wait * 2 < longest ? _wait * 2 : longest;
            return true;
        }
    }
}
