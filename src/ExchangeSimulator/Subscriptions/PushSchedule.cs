namespace Relay.ExchangeSimulator.Subscriptions;

/// <summary>
/// When a push that was not answered is tried again: half a minute after the first attempt, then one, two, four … minutes after it, never
/// beyond StatusFrequency, which is heartbeat period and retry budget in one.
/// </summary>
internal static class PushSchedule
{
    /// <summary>The attempts after the first.</summary>
    /// <param name="statusFrequencyMinutes">1..1440.</param>
    /// <returns>Minutes after the first attempt, rising.</returns>
    public static IEnumerable<double> Retries(int statusFrequencyMinutes)
    {
        for (var minutes = 0.5; minutes <= statusFrequencyMinutes; minutes *= 2)
        {
            yield return minutes;
        }
    }
}
