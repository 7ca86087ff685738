using Relay.Fuzz;

namespace Relay.Benchmarks;

/// <summary>What one call costs beside the baseline of the same round.</summary>
/// <param name="Nanoseconds">Of the thread's own time; the median of the rounds.</param>
/// <param name="Bytes">Allocated.</param>
/// <param name="BaselineNanoseconds">The same of the baseline.</param>
/// <param name="Ratio">The median of the rounds' ratios.</param>
/// <param name="LowerQuartile">A quarter of the rounds had a smaller ratio: the two quartiles tell how much to believe it.</param>
/// <param name="UpperQuartile">A quarter of the rounds had a larger one.</param>
public readonly record struct Measurement(
    double Nanoseconds, double Bytes, double BaselineNanoseconds, double Ratio, double LowerQuartile, double UpperQuartile)
{
    private const int Rounds = 41;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures both in turn, round by round, so that what disturbs the machine disturbs both.</summary>
    public static Measurement Of(Func<object?> subject, Func<object?> baseline)
    {
        var (subjectCount, baselineCount) = (Calibrate(subject), Calibrate(baseline));
        var subjects = new double[Rounds];
        var baselines = new double[Rounds];
        var ratios = new double[Rounds];
        var bytes = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            (subjects[round], bytes) = Round(subject, subjectCount);
            (baselines[round], _) = Round(baseline, baselineCount);
            ratios[round] = subjects[round] / baselines[round];
        }

        Array.Sort(subjects);
        Array.Sort(baselines);
        Array.Sort(ratios);
        return new Measurement(
            subjects[Rounds / 2], bytes, baselines[Rounds / 2], ratios[Rounds / 2], ratios[Rounds / 4], ratios[Rounds * 3 / 4]);
    }

    private static int Calibrate(Func<object?> action)
    {
        // The runtime compiles a method anew after some thousand calls, in the background.
        for (var again = 0; again < 3; again++)
        {
            Round(action, 20_000);
            Thread.Sleep(150);
        }

        var (nanoseconds, _) = Round(action, 5_000);
        return Math.Max(1, (int)(RoundTime.TotalNanoseconds / nanoseconds));
    }

    private static (double Nanoseconds, double Bytes) Round(Func<object?> action, int count)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = CpuClock.Now;
        for (var i = 0; i < count; i++)
        {
            GC.KeepAlive(action());
        }

        var time = CpuClock.Now - start;
        return (time.TotalNanoseconds / count, (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / count);
    }
}
