using Relay.Fuzz;

namespace Relay.Benchmarks;

/// <summary>What one call costs.</summary>
/// <param name="Nanoseconds">Of the thread's own time; the median of the rounds.</param>
/// <param name="Bytes">Allocated.</param>
public readonly record struct Measurement(double Nanoseconds, double Bytes)
{
    private const int Rounds = 21;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(40);

    /// <summary>Measures both in turn, round by round, so that what disturbs the machine disturbs both.</summary>
    public static (Measurement First, Measurement Second) Of(Func<object?> first, Func<object?> second)
    {
        var (firstCount, secondCount) = (Calibrate(first), Calibrate(second));
        var firsts = new double[Rounds];
        var seconds = new double[Rounds];
        var (firstBytes, secondBytes) = (0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            (firsts[round], firstBytes) = Round(first, firstCount);
            (seconds[round], secondBytes) = Round(second, secondCount);
        }

        Array.Sort(firsts);
        Array.Sort(seconds);
        return (new Measurement(firsts[Rounds / 2], firstBytes), new Measurement(seconds[Rounds / 2], secondBytes));
    }

    private static int Calibrate(Func<object?> action)
    {
        // The runtime compiles a method anew after some thousand calls, in the background.
        Round(action, 20_000);
        Thread.Sleep(200);
        Round(action, 20_000);
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
