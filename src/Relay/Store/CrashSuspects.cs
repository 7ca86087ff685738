namespace Relay.Store;

/// <summary>
/// What becomes of a mail that crash after crash found claimed. It may be their cause, or one of the many that were in hand at the time, or what
/// kills the relay may have nothing to do with mail.
/// </summary>
/// <remarks>
/// The first cuts cost nothing. Then the mail waits from each start on, longer with each cut, and each for a time of its own. So a relay that dies
/// before that claims no suspect, and suspects none any further; and those that are innocent are no longer in hand together with the
/// one that is not, and are handled in between. Only a mail at which the relay died each time after it had lived well for seconds is set aside.
/// </remarks>
internal static class CrashSuspects
{
    /// <summary>Cuts without a wait: somebody who ends a relay by force for a few times.</summary>
    public const int Harmless = 5;

    /// <summary>Cuts at which it is set aside instead of being handled.</summary>
    public const int Most = 12;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>For the operator.</summary>
    public static string Note(int cuts) => $"in hand at {cuts} crashes of the relay in a row, and perhaps their cause";

    /// <summary>From the start on; doubles from one second to a minute, and up to as much again, which differs from mail to mail and from cut to cut.</summary>
    public static TimeSpan Wait(long id, int cuts)
    {
        ulong drawn = unchecked((ulong)((id * 1000) + cuts) * 0x9E37_79B9_7F4A_7C15); // Fibonacci hashing: neighbours land far apart
        return First * Math.Pow(2, Math.Clamp(cuts - Harmless - 1, 0, Most - Harmless - 1)) * (1 + ((drawn >> 11) / (double)(1UL << 53)));
    }
}
