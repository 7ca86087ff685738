namespace Relay.TestKit;

/// <summary>The system's clock, moved forward by what a test has let pass. Timers run in real time, so whatever waits must be woken.</summary>
public sealed class ShiftedTimeProvider : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));

    public void Shift(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);
}
