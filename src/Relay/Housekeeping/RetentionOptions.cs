using Relay.Settings;

namespace Relay.Housekeeping;

/// <summary>In the section <c>Relay:Store</c>: how much of the event log is kept, for who asks for it again and who could not be told yet.</summary>
internal sealed record RetentionOptions
{
    /// <summary>As long as Exchange keeps them. At least a day, so that a push subscription hears of its StatusFrequency before.</summary>
    public TimeSpan EventsKept { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Two a second for 30 days, and some 3 GB. A bound on the disk, whatever happens: with a mail server that is away for weeks, or a mailbox that
    /// runs wild, the oldest events go, and whoever was not told of them is told of a gap.
    /// </summary>
    public long MostEvents { get; init; } = 5_000_000;

    public static RetentionOptions Read(SettingsReader settings)
    {
        var defaults = new RetentionOptions();
        return new RetentionOptions
        {
            EventsKept = settings.Time("EventsKept", defaults.EventsKept, TimeSpan.FromDays(1), TimeSpan.FromDays(365)),
            MostEvents = settings.Long("MostEvents", defaults.MostEvents, 1000, 1_000_000_000),
        };
    }
}
