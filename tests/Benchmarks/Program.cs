using System.Globalization;
using Relay.Benchmarks;
using Relay.Benchmarks.Smtp;
using Relay.Benchmarks.Subscriptions;
using Relay.Benchmarks.Wire;

// dotnet run -c Release --project tests/Benchmarks -- <name or its beginning> [size]
string name = args.ElementAtOrDefault(0) ?? "";
var codecs = MimeBenchmarks.All().Where(benchmark => benchmark.Name.StartsWith(name, StringComparison.Ordinal)).ToList();
IBenchmark[] all = [new ReceiveBenchmark(), new SendBenchmark(), new SubscriptionBenchmark()];
var servers = all.Where(benchmark => name.Length > 0 && benchmark.Name == name).ToList();
int size = 1;
if ((codecs.Count == 0 && servers.Count == 0) || (args.Length > 1 && !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out size)))
{
    Console.Error.WriteLine(
        $"Usage: benchmarks <name or its beginning> [size]; names: {string.Join(' ', MimeBenchmarks.All().Select(b => b.Name).Concat(all.Select(b => b.Name)))}");
    return 2;
}

foreach (var benchmark in servers)
{
    await benchmark.RunAsync(Math.Max(1, size));
}

if (servers.Count == 0)
{
    Console.WriteLine($"{"benchmark",-28}{"ns",10}{"bytes",10}{"beyond payload",16}{"baseline ns",13}{"ratio",8}");
    foreach (var benchmark in codecs)
    {
        var (subject, baseline) = Measurement.Of(benchmark.Subject, benchmark.Baseline);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{benchmark.Name,-28}{subject.Nanoseconds,10:F0}{subject.Bytes,10:F0}{subject.Bytes - benchmark.Payload,16:F0}{baseline.Nanoseconds,13:F0}{subject.Nanoseconds / baseline.Nanoseconds,8:F2}"));
    }
}

return 0;
