namespace Relay.Store;

/// <summary>A mail accepted and claimed.</summary>
/// <param name="Attempts">How often it was claimed, this time included; a mail that kills its worker counts too.</param>
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
}
