namespace Relay.EndToEnd.Crash;

/// <param name="Rounds">How often the gateway is killed.</param>
/// <param name="Seed">Of everything that is left to chance, except what the machine's own timing adds.</param>
internal sealed record CampaignOptions(int Rounds, int Seed)
{
    public IReadOnlyList<string> Mailboxes { get; init; } = ["ann@crash.example", "bob@crash.example"];

    public int SubscribersPerMailbox { get; init; } = 2;

    /// <summary>Chance that the smarthost fails at a stage of the dialogue.</summary>
    public double SmarthostFailures { get; init; } = 0.02;

    /// <summary>How long the backlog may take after the last kill.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>RELAY_CRASH_ROUNDS and RELAY_CRASH_SEED, else a short run with a seed of its own.</summary>
    public static CampaignOptions FromEnvironment() =>
        new(Number("RELAY_CRASH_ROUNDS") ?? 4, Number("RELAY_CRASH_SEED") ?? Random.Shared.Next());

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : null;
}
