using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Relay.Fuzz;

/// <summary>Feeds a target and watches what each input costs.</summary>
public static class FuzzRun
{
    private const int MaxFindings = 20;
    private const long MaxBytes = 50 * 1024 * 1024;
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads so many inputs; the same seed gives the same ones.</summary>
    public static FuzzReport Run(IFuzzTarget target, long count, int seed)
    {
        var mutator = new Mutator(target, seed);
        var findings = new List<FuzzFinding>();
        var outcomes = new Dictionary<string, long>();
        var slowest = TimeSpan.Zero;
        var greediest = 0L;
        var start = Stopwatch.GetTimestamp();
        for (var number = 0L; number < count && findings.Count < MaxFindings; number++)
        {
            var input = mutator.Next();
            var (outcome, fault, time, bytes) = Measure(target, input);
            CollectionsMarshal.GetValueRefOrAddDefault(outcomes, outcome, out _)++;

            // A collection of garbage or the compiler makes any input slow once; a slow input is slow every time.
            for (var again = 0; time > MaxTime && again < 3; again++)
            {
                var repeated = Measure(target, input).Time;
                time = repeated < time ? repeated : time;
            }

            slowest = time > slowest ? time : slowest;
            greediest = Math.Max(greediest, bytes);
            if ((fault ?? Cost(time, bytes)) is { } what)
            {
                findings.Add(new FuzzFinding(number, what, input));
            }
        }

        return new FuzzReport(target.Name, count, findings, slowest, greediest, Stopwatch.GetElapsedTime(start), outcomes);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a reader throws is the finding.")]
    private static (string Outcome, string? Fault, TimeSpan Time, long Bytes) Measure(IFuzzTarget target, byte[] input)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = CpuClock.Now;
        var outcome = "threw";
        string? fault = null;
        try
        {
            outcome = target.Read(input);
        }
        catch (Exception exception)
        {
            fault = exception.ToString();
        }

        return (outcome, fault, CpuClock.Now - start, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    private static string? Cost(TimeSpan time, long bytes) =>
        time > MaxTime ? string.Create(CultureInfo.InvariantCulture, $"took {time.TotalMilliseconds:F0} ms")
        : bytes > MaxBytes ? string.Create(CultureInfo.InvariantCulture, $"allocated {bytes / 1024 / 1024} MB")
        : null;
}
