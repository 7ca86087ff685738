using Relay.Settings;

namespace Relay.Access;

/// <summary>The section <c>Relay:Access:Confirmations</c>: what keeps the proof Confirm from being used to mail strangers.</summary>
internal sealed record ConfirmationOptions
{
    /// <summary>How long a request waits for its confirmation.</summary>
    public TimeSpan ValidFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Confirmation requests to one address within an hour.</summary>
    public int PerAddress { get; init; } = 3;

    /// <summary>Confirmation requests for mail from one network (/24, /64) within an hour.</summary>
    public int PerNetwork { get; init; } = 20;

    /// <summary>Confirmation requests within <see cref="ValidFor"/> in all; bounds what strangers can make us store.</summary>
    public int InAll { get; init; } = 10_000;

    public static ConfirmationOptions Read(SettingsReader settings)
    {
        var defaults = new ConfirmationOptions();
        return new ConfirmationOptions
        {
            ValidFor = settings.Time("ValidFor", defaults.ValidFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
            PerAddress = settings.Int("PerAddress", defaults.PerAddress, 1, 1000),
            PerNetwork = settings.Int("PerNetwork", defaults.PerNetwork, 1, 100_000),
            InAll = settings.Int("InAll", defaults.InAll, 1, 1_000_000),
        };
    }
}
