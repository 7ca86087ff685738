using System.Diagnostics;
using System.Globalization;

namespace Relay.Benchmarks.Subscriptions;

/// <summary>What a start costs with a hundred thousand push subscriptions in SQLite, and what an event costs by how many asked for it.</summary>
internal sealed class SubscriptionBenchmark : IBenchmark
{
    private const int Existing = 100_000;
    private const int Mailboxes = 10_000;
    private const int Rounds = 5;
    private static readonly int[] Audiences = [1, 100, 10_000];

    public string Name => "subscriptions";

    public async Task RunAsync(int size)
    {
        foreach (int existing in new[] { 0, Existing * size })
        {
            await using var stage = new SubscriptionStage();
            await stage.FillAsync(existing, Mailboxes * size);
            await stage.AddAudiencesAsync(Audiences);
            await StartAsync(stage);
            Console.WriteLine("| subscribers of the mailbox | subscriptions in all | ms an event | µs a mail |");
            Console.WriteLine("|---|---|---|---|");
            foreach (int audience in Audiences)
            {
                await MeasureAsync(stage, audience);
            }
        }
    }

    private static async Task StartAsync(SubscriptionStage stage)
    {
        await stage.ReopenAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();
        await stage.PassAsync();
        var elapsed = Stopwatch.GetElapsedTime(start);
        long memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{stage.Count:N0} subscriptions: ready in {elapsed.TotalSeconds:F2} s; {memory / 1e6:F0} MB kept, {process.WorkingSet64 / 1e6:F0} MB of the process\n"));
    }

    private static async Task MeasureAsync(SubscriptionStage stage, int audience)
    {
        await stage.HappenAsync(audience); // compiles, and fills caches
        await stage.PassAsync();
        await stage.DeliverAsync(audience);
        var times = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            await stage.HappenAsync(audience);
            long start = Stopwatch.GetTimestamp();
            await stage.PassAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await stage.DeliverAsync(audience);
        }

        double median = Smtp.Median.Of(times);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {audience:N0} | {stage.Count:N0} | {median:F1} | {median * 1000 / audience:F0} |"));
    }
}
