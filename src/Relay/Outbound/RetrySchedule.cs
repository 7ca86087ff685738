namespace Relay.Outbound;

/// <summary>
/// When a mail that could not be delivered is tried again: after FirstRetry, then doubling up to four hours, each time up to a fifth earlier
/// or later so that mails that failed together do not come back together (RFC 5321 §4.5.4.1).
/// </summary>
internal sealed class RetrySchedule(DeliveryOptions options, Random chance)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>The next time, or null when the mail is to be given up.</summary>
    public DateTimeOffset? Next(DateTimeOffset createdAt, int attempts, DateTimeOffset now)
    {
        if (now - createdAt >= options.GiveUp)
        {
            return null;
        }

        double doubled = options.FirstRetry.TotalSeconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30));
        double wait = Math.Min(doubled, Math.Max(Longest.TotalSeconds, options.FirstRetry.TotalSeconds));
        return now + TimeSpan.FromSeconds(wait * (0.8 + (0.4 * NextDouble())));
    }

    private double NextDouble()
    {
        lock (chance)
        {
            return chance.NextDouble();
        }
    }
}
