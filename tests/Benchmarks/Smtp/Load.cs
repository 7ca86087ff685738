namespace Relay.Benchmarks.Smtp;

/// <summary>How mails come in.</summary>
/// <param name="Name">The row.</param>
/// <param name="Sessions">At once.</param>
/// <param name="Keeps">Whether a connection brings one mail after the other; else each brings one.</param>
/// <param name="Mails">In all.</param>
internal sealed record Load(string Name, int Sessions, bool Keeps, int Mails)
{
    /// <summary>Those that every measure of receiving is taken under.</summary>
    public static IReadOnlyList<Load> OfReceiving { get; } =
    [
        new("1 session", 1, true, 3000),
        new("16 sessions", 16, true, 10000),
        new("64 sessions", 64, true, 10000),
        new("16, a connection a mail", 16, false, 4000),
    ];
}
