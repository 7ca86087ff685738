namespace Relay.Store;

/// <summary>A place in the event log: after the event of that number. Zero is before the first; the numbers rise and are never used again.</summary>
internal readonly record struct LogPosition(long Value) : IComparable<LogPosition>
{
    public static bool operator <(LogPosition left, LogPosition right) => left.Value < right.Value;

    public static bool operator >(LogPosition left, LogPosition right) => left.Value > right.Value;

    public static bool operator <=(LogPosition left, LogPosition right) => left.Value <= right.Value;

    public static bool operator >=(LogPosition left, LogPosition right) => left.Value >= right.Value;

    public int CompareTo(LogPosition other) => Value.CompareTo(other.Value);
}
