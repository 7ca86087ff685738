namespace Relay.Store;

/// <summary>A mail accepted and claimed.</summary>
/// <param name="Attempts">How often it was claimed, this time included; a claim that a crash cut, or whose lease ran out, does not count.</param>
internal sealed record SpooledMail(
    long Id,
    DateTimeOffset ReceivedAt,
    string MailId,
    string? ReversePath,
    IReadOnlyList<string> Recipients,
    MailOrigin Origin,
    MailContent Content,
    int Attempts)
{
    /// <summary>Null where the sender said nothing of it.</summary>
    public ReportWishes? Wishes { get; init; }

    /// <summary>How many crashes in a row found it claimed, or how many of its claims ran out in a row.</summary>
    public int Cuts { get; init; }

    /// <summary>How many more it is given; at zero it is to be set aside, and below that not even answered (<see cref="CrashSuspects"/>).</summary>
    public int CutsLeft { get; init; } = CrashSuspects.AtStarts.Most;
}
