namespace Relay.Benchmarks;

/// <summary>Something to be measured beside a limit that it cannot pass.</summary>
/// <param name="Name">As <c>mime.read.base64</c>.</param>
/// <param name="Subject">Our code; returns what it made, so that nothing is optimised away.</param>
/// <param name="Baseline">The least that must be done with the same bytes.</param>
/// <param name="Payload">Octets that the result must hold in any case; they are not counted as ours.</param>
public sealed record Benchmark(string Name, Func<object?> Subject, Func<object?> Baseline, int Payload);
