using Relay.Settings;

namespace Relay.Outbound;

/// <summary>The section <c>Relay:Delivery</c>: where mail goes and how long it is tried.</summary>
internal sealed record DeliveryOptions
{
    public required SmarthostOptions Smarthost { get; init; }

    /// <summary>Connections kept to the smarthost, 1 to 100. Four keep a smarthost on the same network busy.</summary>
    public required int Connections { get; init; }

    /// <summary>The wait before a mail is tried a second time; it doubles from there. One second at least.</summary>
    public required TimeSpan FirstRetry { get; init; }

    /// <summary>When a mail is given up, counted from its making. RFC 5321 §4.5.4.1 wants four to five days at least.</summary>
    public required TimeSpan GiveUp { get; init; }

    public static DeliveryOptions Read(SettingsReader settings) => new()
    {
        Smarthost = SmarthostOptions.Read(settings.Section("Smarthost")),
        Connections = settings.Int("Connections", 4, 1, 100),
        FirstRetry = settings.Time("FirstRetry", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        GiveUp = settings.Time("GiveUp", TimeSpan.FromDays(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
    };
}
