namespace Relay.Store;

/// <summary>A mail to be left for Intake.</summary>
/// <param name="ReceivedAt">When its last octet came.</param>
/// <param name="MailId">Our own id for it, as in the Received field and the 250.</param>
/// <param name="ReversePath">Null is the null reverse-path, written as angle brackets around nothing.</param>
/// <param name="Recipients">At least one; no address holds a line break.</param>
internal sealed record NewSpooledMail(
    DateTimeOffset ReceivedAt,
    string MailId,
    string? ReversePath,
    IReadOnlyList<string> Recipients,
    MailOrigin Origin,
    MailContent Content)
{
    /// <summary>Null where the sender said nothing of it.</summary>
    public ReportWishes? Wishes { get; init; }
}
