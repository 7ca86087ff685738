namespace Relay.Store;

/// <summary>
/// What becomes of a mail that crash after crash found claimed. It may be their cause, or one of the many that were in hand at the time, or what
/// kills the relay may have nothing to do with mail.
/// </summary>
/// <remarks>
/// A start that finds claims knows that the relay before it died. Where several relays share a store nobody knows that, and a claim that runs out
/// takes its place: whoever held it died, or has hung for as long. The first cuts at starts cost nothing, since somebody may end a relay by force for
/// a few times; a lease has cost a quarter of an hour already, beside which a wait of seconds is nothing. Then the mail waits from each start on, longer with each cut, and each for a time of its own. So a relay that dies
/// before that claims no suspect, and suspects none any further; and those that are innocent are no longer in hand together with the
/// one that is not, and are handled in between. Only a mail at which the relay died each time after it had lived well for seconds is set aside.
/// </remarks>
/// <param name="Harmless">Cuts without a wait.</param>
/// <param name="Most">Cuts at which it is set aside instead of being handled.</param>
internal sealed record CrashSuspects(int Harmless, int Most)
{
    /// <summary>Where each start finds what the crash before it cut.</summary>
    public static CrashSuspects AtStarts { get; } = new(Harmless: 5, Most: 12);

    /// <summary>Where claims run out: as many as a mail is tried that fails otherwise, an hour and a half in all.</summary>
    public static CrashSuspects ByLeases { get; } = new(Harmless: 0, Most: 6);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>For the operator.</summary>
    public static string Note(int cuts) => $"in hand at {cuts} crashes of the relay or ends of a claim in a row, and perhaps their cause";

    /// <summary>From the start, or the end of the claim, on; doubles from one second to a minute, and up to as much again, which differs from mail to mail and from cut to cut.</summary>
    public TimeSpan Wait(long id, int cuts)
    {
        ulong drawn = unchecked((ulong)((id * 1000) + cuts) * 0x9E37_79B9_7F4A_7C15); // Fibonacci hashing: neighbours land far apart
        return First * Math.Pow(2, Math.Clamp(cuts - Harmless - 1, 0, Most - Harmless - 1)) * (1 + ((drawn >> 11) / (double)(1UL << 53)));
    }
}
