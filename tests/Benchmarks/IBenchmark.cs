namespace Relay.Benchmarks;

/// <summary>Something measured against a peer or a limit within one run.</summary>
internal interface IBenchmark
{
    /// <summary>How the command line calls it.</summary>
    string Name { get; }

    /// <summary>Measures and prints a table in Markdown.</summary>
    /// <param name="size">1 is a short look; larger numbers measure that much longer.</param>
    Task RunAsync(int size);
}
