using System.Globalization;
using Relay.Benchmarks;
using Relay.Benchmarks.Smtp;

// dotnet run -c Release --project tests/Benchmarks -- <name> [size]
IBenchmark[] benchmarks = [new ReceiveBenchmark(), new SendBenchmark()];
var chosen = benchmarks.Where(benchmark => args.Length > 0 && benchmark.Name == args[0]).ToList();
var size = 1;
if (chosen.Count == 0 || (args.Length > 1 && !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out size)))
{
    Console.Error.WriteLine($"Usage: benchmarks <name> [size]; names: {string.Join(' ', benchmarks.Select(benchmark => benchmark.Name))}");
    return 2;
}

await chosen[0].RunAsync(Math.Max(1, size));
return 0;
