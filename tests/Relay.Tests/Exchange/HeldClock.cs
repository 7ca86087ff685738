namespace Relay.Tests.Exchange;

/// <summary>The time of day can be held, so that two things happen in one second; timers go on.</summary>
internal sealed class HeldClock : TimeProvider
{
    private DateTimeOffset? _held;

    public void Hold() => _held = System.GetUtcNow();

    public void Release() => _held = null;

    public override DateTimeOffset GetUtcNow() => _held ?? System.GetUtcNow();
}
