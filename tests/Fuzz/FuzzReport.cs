namespace Relay.Fuzz;

/// <summary>What a run came to.</summary>
/// <param name="Target">Whose.</param>
/// <param name="Count">Inputs read.</param>
/// <param name="Findings">Inputs that broke a promise, and how; at most twenty are kept.</param>
/// <param name="Slowest">The longest any input took.</param>
/// <param name="Greediest">The most bytes any input allocated.</param>
/// <param name="Elapsed">Of the whole run.</param>
/// <param name="Outcomes">How many inputs came how far.</param>
public sealed record FuzzReport(
    string Target,
    long Count,
    IReadOnlyList<FuzzFinding> Findings,
    TimeSpan Slowest,
    long Greediest,
    TimeSpan Elapsed,
    IReadOnlyDictionary<string, long> Outcomes);
