namespace Relay.Outbound;

/// <summary>
/// When a mail that could not be delivered is tried again: after FirstRetry, then doubling up to four hours, each time up to a fifth earlier
/// or later so that mails that failed together do not come back together (RFC 5321 §4.5.4.1).
/// </summary>
/// <remarks>
/// A mail is given up when it is older than GiveUp and was tried throughout: time in which the relay stood still, or the mail's domain had no
/// turn, tried nothing. So the waits of this schedule between its attempts have to add up to a fifth of GiveUp too (some 14 attempts in 5 days). Where the
/// domain hangs, one mail is tried for all that wait for it, each for minutes: then it is enough that the domain was tried and hung for a fifth of GiveUp,
/// or a thousand mails would take weeks for their attempts.
/// </remarks>
internal sealed class RetrySchedule(DeliveryOptions options, Random chance)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    // Of GiveUp: long enough for a smarthost that comes back with 4yz to get over it.
    private const int LeastTried = 5;

    /// <summary>The next time, or null when the mail is to be given up.</summary>
    public DateTimeOffset? Next(DateTimeOffset createdAt, int attempts, DateTimeOffset now, TimeSpan hungFor = default) =>
        IsOver(createdAt, attempts, now, hungFor) ? null : now + (Wait(attempts) * (0.8 + (0.4 * NextDouble())));

    /// <summary>Whether the mail is to be given up.</summary>
    /// <param name="createdAt">When it was made.</param>
    /// <param name="attempts">Its own.</param>
    /// <param name="now">The time.</param>
    /// <param name="hungFor">For how long its domain was tried, whatever mail with, and hung each time.</param>
    public bool IsOver(DateTimeOffset createdAt, int attempts, DateTimeOffset now, TimeSpan hungFor) =>
        now - createdAt >= options.GiveUp && (hungFor >= options.GiveUp / LeastTried || WasTried(attempts));

    private bool WasTried(int attempts)
    {
        var tried = TimeSpan.Zero;
        for (int attempt = 1; attempt < attempts && tried < options.GiveUp / LeastTried; attempt++)
        {
            tried += Wait(attempt);
        }

        return tried >= options.GiveUp / LeastTried;
    }

    private TimeSpan Wait(int attempt)
    {
        double doubled = options.FirstRetry.TotalSeconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 30));
        return TimeSpan.FromSeconds(Math.Min(doubled, Math.Max(Longest.TotalSeconds, options.FirstRetry.TotalSeconds)));
    }

    private double NextDouble()
    {
        lock (chance)
        {
            return chance.NextDouble();
        }
    }
}
