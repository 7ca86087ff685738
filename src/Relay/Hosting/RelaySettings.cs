using Microsoft.Extensions.Configuration;
using Relay.Access;
using Relay.Bounces;
using Relay.Exchange;
using Relay.ExchangeSimulator;
using Relay.Housekeeping;
using Relay.Inbound;
using Relay.Operations;
using Relay.Operator;
using Relay.Outbound;
using Relay.Settings;
using Relay.Store;

namespace Relay.Hosting;

/// <summary>The section <c>Relay</c>, read whole and checked before anything listens.</summary>
internal sealed record RelaySettings
{
    public required SmtpOptions Smtp { get; init; }

    public required ServiceOptions Services { get; init; }

    public required UnknownMail Unknown { get; init; }

    public required IReadOnlyList<PickupOptions> Pickups { get; init; }

    public required DeliveryOptions Delivery { get; init; }

    public BounceOptions Bounces { get; init; } = new();

    public required ExchangeOptions Exchange { get; init; }

    /// <summary>Used only while <see cref="Exchange"/> names no URL.</summary>
    public required ExchangeSimulatorOptions Simulator { get; init; }

    public required StoreOptions Store { get; init; }

    public RetentionOptions Retention { get; init; } = new();

    public required AccessOptions Access { get; init; }

    public TelemetryOptions Telemetry { get; init; } = new(null, TimeSpan.FromMinutes(1));

    public required HttpOptions Http { get; init; }

    /// <exception cref="SettingsFaultException">Anything is wrong; it names all of it.</exception>
    public static RelaySettings Read(IConfiguration configuration) => Read(configuration.GetSection("Relay"));

    /// <inheritdoc cref="Read(IConfiguration)"/>
    public static RelaySettings Read(IConfigurationSection section)
    {
        var faults = new List<string>();
        var reader = SettingsReader.For(section, faults);
        var smtp = SmtpOptions.Read(reader.Section("Smtp"));
        var settings = new RelaySettings
        {
            Smtp = smtp,
            Services = ServiceOptions.Read(reader, smtp.Domains),
            Unknown = reader.Section("Forward").Choice("Unknown", UnknownMail.Reject),
            Pickups = PickupOptions.ReadAll(reader),
            Delivery = DeliveryOptions.Read(reader.Section("Delivery")),
            Bounces = BounceOptions.Read(reader.Section("Delivery:Bounces")),
            Exchange = ExchangeSettings.Read(reader.Section("Exchange")),
            Simulator = SimulatorSettings.Read(reader.Section("Exchange:Simulator")),
            Store = StoreOptions.Read(reader.Section("Store")),
            Retention = RetentionOptions.Read(reader.Section("Store")),
            Access = AccessOptions.Read(reader.Section("Access"), OperationCatalog.AllNames),
            Telemetry = TelemetryOptions.Read(reader.Section("Telemetry")),
            Http = HttpOptions.Read(reader.Section("Http")),
        };
        if (settings.Smtp.IsPublic && settings.Access.IsDefault)
        {
            faults.Add(
                "Relay:Smtp:Listeners opens a port to other machines while Relay:Access:Subscribers is not given, which lets every client"
                + " do everything; name your subscribers there, or listen on 127.0.0.1.");
        }

        reader.NoteUnknownKeys();
        return faults.Count == 0 ? settings : throw new SettingsFaultException(faults);
    }
}
