using System.Diagnostics;
using System.Globalization;

namespace Relay.Benchmarks.Exchange;

/// <summary>
/// A thousand mailboxes with two thousand events a second: whether streaming keeps up (how long after a mail was delivered the log tells it, in the first
/// and in the second half), what it costs, and whether memory stays flat.
/// </summary>
internal sealed class ExchangeBenchmark : IBenchmark
{
    private const int Mailboxes = 1000;

    /// <summary>An action makes three events in the mean.</summary>
    private const int ActionsASecond = 700;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenMarkers = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public string Name => "exchange";

    public async Task RunAsync(int size)
    {
        Console.WriteLine("| envelopes of a stream apart by | events a second | events a CPU second | lag ms p50, first half | second half | p99, first half | second half | MB kept before | after |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (double spacing in new[] { 0.3, 0 })
        {
            await using var stage = new ExchangeStage(spacing);
            await stage.StartAsync(Mailboxes);
            await MeasureAsync(stage, spacing, TimeSpan.FromSeconds(20 * size));
        }
    }

    private static async Task MeasureAsync(ExchangeStage stage, double spacing, TimeSpan duration)
    {
        await RunAsync(stage, TimeSpan.FromSeconds(5)); // compiles
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        long logged = stage.Logged;
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        var lags = await RunAsync(stage, duration);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        double cpuSeconds = (process.TotalProcessorTime - cpu).TotalSeconds;
        long events = stage.Logged - logged;
        long after = GC.GetTotalMemory(forceFullCollection: true);
        var first = lags.Take(lags.Count / 2).Order().ToList();
        var second = lags.Skip(lags.Count / 2).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {spacing:F1} s | {events / seconds:N0} | {events / cpuSeconds:N0} | {At(first, 0.5):F0} | {At(second, 0.5):F0} | {At(first, 0.99):F0} | {At(second, 0.99):F0} | {memory / 1e6:F0} | {after / 1e6:F0} |"));
    }

    /// <summary>Lags in the order of their markers, in milliseconds.</summary>
    private static async Task<List<double>> RunAsync(ExchangeStage stage, TimeSpan duration)
    {
        using var stop = new CancellationTokenSource(duration);
        var acting = ActAsync(stage, stop.Token);
        var markers = new List<Task<double>>();
        for (int number = 0; !stop.IsCancellationRequested; number++)
        {
            markers.Add(LagAsync(stage, number * 37 % Mailboxes));
            await Task.Delay(BetweenMarkers);
        }

        await acting;
        return [.. await Task.WhenAll(markers)];
    }

    private static async Task ActAsync(ExchangeStage stage, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        for (long done = 0; !stop.IsCancellationRequested;)
        {
            int due = (int)((long)(Stopwatch.GetElapsedTime(start).TotalSeconds * ActionsASecond) - done);
            if (due > 0)
            {
                await stage.ActAsync(due);
                done += due;
            }

            await Task.Delay(Turn, CancellationToken.None);
        }
    }

    private static async Task<double> LagAsync(ExchangeStage stage, int mailbox)
    {
        string item = await stage.DeliverAsync(mailbox);
        long start = Stopwatch.GetTimestamp();
        while (!stage.Tells(mailbox, item))
        {
            if (Stopwatch.GetElapsedTime(start) > Longest)
            {
                return double.PositiveInfinity;
            }

            await Task.Delay(5);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];
}
