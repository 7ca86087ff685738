namespace Relay.Subscriptions;

/// <summary>
/// A notification that must be acknowledged. It is repeated on the schedule of Exchange's push: half a minute after it was first mailed, then
/// after 1, 2, 4, 8 … minutes, never later than StatusFrequency.
/// </summary>
/// <param name="OutboxId">Its row, which holds its octets.</param>
/// <param name="Sequence">Its number.</param>
/// <param name="MailedAt">When the mail server first took it; null before.</param>
/// <param name="Repeats">How often it was mailed again.</param>
internal sealed record AwaitedAcknowledgement(long OutboxId, long Sequence, DateTimeOffset? MailedAt = null, int Repeats = 0)
{
    private static readonly TimeSpan FirstRepeat = TimeSpan.FromSeconds(30);

    /// <summary>When it is to be repeated, or given up if <see cref="IsLast"/>; null before it was mailed.</summary>
    public DateTimeOffset? NextAt(TimeSpan statusFrequency) => MailedAt is not { } mailed ? null
        : IsLast(statusFrequency) ? mailed + GivenUpAfter(statusFrequency)
        : mailed + Offset(Repeats);

    /// <summary>Whether no further repeat fits into StatusFrequency.</summary>
    public bool IsLast(TimeSpan statusFrequency) => Offset(Repeats) > statusFrequency;

    /// <summary>The time until the next repeat, or until it is given up, counts from now on.</summary>
    public AwaitedAcknowledgement WaitAgain(DateTimeOffset now) => this with { MailedAt = Repeats == 0 ? now : now - Offset(Repeats - 1) };

    private static TimeSpan Offset(int repeats) => FirstRepeat * Math.Pow(2, Math.Min(repeats, 20));

    // The last repeat gets half a minute too.
    private TimeSpan GivenUpAfter(TimeSpan statusFrequency)
    {
        var afterLast = Offset(Repeats - 1) + FirstRepeat;
        return afterLast > statusFrequency ? afterLast : statusFrequency;
    }
}
