using System.Globalization;
using Relay.Benchmarks;
using Relay.Benchmarks.Wire;

// dotnet run -c Release --project tests/Benchmarks -- [beginning of a name]
var chosen = MimeBenchmarks.All().Where(benchmark => benchmark.Name.StartsWith(args.ElementAtOrDefault(0) ?? "", StringComparison.Ordinal)).ToList();
Console.WriteLine($"{"benchmark",-28}{"ns",10}{"bytes",10}{"beyond payload",16}{"baseline ns",13}{"ratio",8}");
foreach (var benchmark in chosen)
{
    var (subject, baseline) = Measurement.Of(benchmark.Subject, benchmark.Baseline);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{benchmark.Name,-28}{subject.Nanoseconds,10:F0}{subject.Bytes,10:F0}{subject.Bytes - benchmark.Payload,16:F0}{baseline.Nanoseconds,13:F0}{subject.Nanoseconds / baseline.Nanoseconds,8:F2}"));
}

return chosen.Count == 0 ? 1 : 0;
