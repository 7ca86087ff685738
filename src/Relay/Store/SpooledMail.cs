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

    /// <summary>How many crashes in a row found it claimed.</summary>
    public int Cuts { get; init; }
}
