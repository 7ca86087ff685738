namespace Relay.Smtp.Server;

/// <summary>
/// Until when content must come: the next block soon, all of it within a bound, and no slower than the minimum rate. A sender that drips
/// holds a session for a grace and not longer; one that was fast may pause.
/// </summary>
internal sealed class ContentDeadline(SessionDeadline deadline, SmtpServerLimits limits)
{
    private readonly long _start = deadline.After(TimeSpan.Zero);

    /// <summary>The deadline of the next read.</summary>
    /// <param name="received">Octets so far.</param>
    public void Set(long received)
    {
        var latest = limits.DataTimeout;
        if (limits.MinimumDataRate > 0)
        {
            var earned = limits.DataRateGrace + TimeSpan.FromSeconds((double)received / limits.MinimumDataRate);
            latest = earned < latest ? earned : latest;
        }

        deadline.Set(limits.DataBlockTimeout, deadline.After(_start, latest));
    }
}
