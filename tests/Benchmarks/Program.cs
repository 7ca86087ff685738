using System.Globalization;
using Relay.Benchmarks;
using Relay.Benchmarks.Exchange;
using Relay.Benchmarks.Gateway;
using Relay.Benchmarks.Smtp;
using Relay.Benchmarks.Subscriptions;
using Relay.Benchmarks.Wire;

// dotnet run -c Release --project tests/Benchmarks -- <name or its beginning> [size]
string name = args.ElementAtOrDefault(0) ?? "";
var codecs = MimeBenchmarks.All().Where(benchmark => benchmark.Name.StartsWith(name, StringComparison.Ordinal)).ToList();
IBenchmark[] all = [new ReceiveBenchmark(), new CostBenchmark(), new MemoryBenchmark(), new SendBenchmark(), new OutboxBenchmark(), new NotifyBenchmark(), new SubscriptionBenchmark(), new ExchangeBenchmark()];
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
    Console.WriteLine($"{"benchmark",-28}{"ns",8}{"bytes",8}{"beyond payload",16}{"baseline ns",13}{"ratio",7}  quartiles");
    foreach (var benchmark in codecs)
    {
        var measured = Measurement.Of(benchmark.Subject, benchmark.Baseline);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{benchmark.Name,-28}{measured.Nanoseconds,8:F0}{measured.Bytes,8:F0}{measured.Bytes - benchmark.Payload,16:F0}{measured.BaselineNanoseconds,13:F0}{measured.Ratio,7:F2}  {measured.LowerQuartile:F2} to {measured.UpperQuartile:F2}"));
    }
}

return 0;
