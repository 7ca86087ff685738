namespace Relay.Exchange;

/// <summary>When the sync states of a mailbox are moved forward, and how long that may wait for what is still to be told.</summary>
internal sealed class SettlingTimes(ExchangeOptions options)
{
    /// <summary>How often states are moved forward for what only that shows: a minute with the defaults.</summary>
    private readonly TimeSpan _everyIfPressing = 4 * options.SettleAfter;

    /// <summary>How long a living subscription may go without a sign from which <see cref="Delivery.ToldUpTo"/> moves.</summary>
    internal TimeSpan LongestSilence => options.Mode switch
    {
        ExchangeMode.Streaming => 2 * options.SilenceLimit,
        ExchangeMode.Pull => options.PullSlowest + options.RequestTimeout,
        ExchangeMode.Push => (2 * options.PushStatusMinutes * options.Minute) + (2 * options.RequestTimeout),
        _ => throw new InvalidOperationException("The three modes are the only ones."),
    };

    /// <summary>
    /// A while after something was told, so that more goes with it, and not too often; null while there is nothing to move, or something else to be done. To be
    /// asked under the lock of the mailbox's group.
    /// </summary>
    internal DateTimeOffset? Next(MailboxWatch mailbox)
    {
        if (mailbox is not { IsReady: true, HasNeed: false, IsPreparing: false, FirstUnsettled: { } first })
        {
            return null;
        }

        var soon = first + options.SettleAfter;
        var isSooner = mailbox.IsPressing && options.SettleEvery > _everyIfPressing;
        var next = mailbox.LastSettled + (isSooner ? _everyIfPressing : options.SettleEvery);
        return soon > next ? soon : next;
    }
}
