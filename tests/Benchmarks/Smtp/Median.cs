namespace Relay.Benchmarks.Smtp;

/// <summary>The middle of several measurements: one that was disturbed does not count.</summary>
internal static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
