using Relay.Settings;

namespace Relay.Outbound;

/// <summary>The section <c>Relay:Delivery</c>: where mail goes and how long it is tried.</summary>
internal sealed record DeliveryOptions
{
    /// <summary>Where mail goes that no route names: the first that can be used, at least one.</summary>
    public required IReadOnlyList<SmarthostOptions> Smarthosts { get; init; }

    /// <summary>Other ways for some domains; the first that fits counts.</summary>
    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];

    /// <summary>Connections kept for each way, 1 to 100. Four keep a smarthost on the same network busy.</summary>
    public required int Connections { get; init; }

    /// <summary>The wait before a mail is tried a second time; it doubles from there. One second at least.</summary>
    public required TimeSpan FirstRetry { get; init; }

    /// <summary>When a mail is given up, counted from its making, provided that it was tried meanwhile (RetrySchedule). RFC 5321 §4.5.4.1 wants four to five days at least.</summary>
    public required TimeSpan GiveUp { get; init; }

    /// <summary>
    /// How long a mail that we pass on may take until its sender, if it asked for that (RFC 3461 §4.1), is told of the delay. Four hours, as mail people
    /// expect.
    /// </summary>
    public TimeSpan DelayReport { get; init; } = TimeSpan.FromHours(4);

    /// <summary>What a mail under way is given at shutdown to come to its end; then its connection is cut and it goes again at the next start.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(12);

    public static DeliveryOptions Read(SettingsReader settings) => new()
    {
        Smarthosts = ReadSmarthosts(settings),
        Routes = [.. settings.List("Routes").Select(RouteOptions.Read)],
        Connections = settings.Int("Connections", 4, 1, 100),
        FirstRetry = settings.Time("FirstRetry", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        GiveUp = settings.Time("GiveUp", TimeSpan.FromDays(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
        DelayReport = settings.Time("DelayReport", TimeSpan.FromHours(4), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
        ShutdownGrace = settings.Time("ShutdownGrace", TimeSpan.FromSeconds(12), TimeSpan.Zero, TimeSpan.FromSeconds(30)),
    };

    // The single one comes first; where only a list is given, the default of the single one is not meant.
    private static List<SmarthostOptions> ReadSmarthosts(SettingsReader settings)
    {
        var single = settings.Section("Smarthost");
        var listed = settings.List("Smarthosts").Select(SmarthostOptions.ReadListed).ToList();
        var first = SmarthostOptions.Read(single);
        return listed.Count > 0 && !single.IsGiven ? listed : [first, .. listed];
    }
}
