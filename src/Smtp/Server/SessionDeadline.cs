namespace Relay.Smtp.Server;

/// <summary>
/// When the client must have done what is asked of it. The server looks at all deadlines once a second, so that a session costs no
/// timer of its own; nothing here depends on a finer time.
/// </summary>
internal sealed class SessionDeadline(TimeProvider time)
{
    private long _at = long.MaxValue;

    /// <summary>Nothing is asked of the client just now.</summary>
    public void Clear() => Volatile.Write(ref _at, long.MaxValue);

    /// <summary>The client has this long from now.</summary>
    public void Set(TimeSpan within) => Volatile.Write(ref _at, After(within));

    /// <summary>The client has this long from now, but never beyond the timestamp.</summary>
    public void Set(TimeSpan within, long latest) => Volatile.Write(ref _at, Math.Min(After(within), latest));

    /// <summary>The timestamp this long from now.</summary>
    public long After(TimeSpan span) => After(time.GetTimestamp(), span);

    /// <summary>The timestamp this long after another.</summary>
    public long After(long timestamp, TimeSpan span) => timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>Whether the deadline passed at least this long ago.</summary>
    public bool HasPassed(TimeSpan ago)
    {
        var at = Volatile.Read(ref _at);
        return at != long.MaxValue && time.GetTimestamp() - at >= (long)(ago.TotalSeconds * time.TimestampFrequency);
    }
}
