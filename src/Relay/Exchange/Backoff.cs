namespace Relay.Exchange;

/// <summary>
/// Waits between attempts: doubling from <paramref name="first"/> to <paramref name="most"/>, each drawn from its upper half, so that the
/// groups that lost their server together do not all come back together.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan most, Random chance)
{
    private int _failures;

    internal TimeSpan Next()
    {
        var wait = first * Math.Pow(2, _failures);
        if (wait < most)
        {
            _failures++;
        }
        else
        {
            wait = most;
        }

        return wait * (0.5 + (chance.NextDouble() / 2));
    }

    internal void Reset() => _failures = 0;
}
