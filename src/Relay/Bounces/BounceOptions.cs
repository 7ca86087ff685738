using Relay.Settings;

namespace Relay.Bounces;

/// <summary>The section <c>Relay:Delivery:Bounces</c>: when a subscription whose mail comes back is suspended, probed and ended.</summary>
internal sealed record BounceOptions
{
    /// <summary>Mails lost in a row of bad luck until a subscription is suspended; an address that does not exist suspends at once. 1 to 100.</summary>
    public int SoftLimit { get; init; } = 3;

    /// <summary>A time without reports after which the earlier ones are forgotten; a full mailbox or a broken filter is mended in a day or two.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(2);

    /// <summary>From suspension to the first probe; it doubles up to a day. Long enough for a mistake in a directory to be noticed.</summary>
    public TimeSpan ProbeAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a probe must stay unreturned to count as arrived, where no report says so. Refusals come back within minutes.</summary>
    public TimeSpan ProbeSilence { get; init; } = TimeSpan.FromHours(1);

    /// <summary>From suspension to the end. Longer than any mail server keeps trying, shorter than events are kept.</summary>
    public TimeSpan EndAfter { get; init; } = TimeSpan.FromDays(7);

    public static BounceOptions Read(SettingsReader settings)
    {
        var defaults = new BounceOptions();
        var (second, month) = (TimeSpan.FromSeconds(1), TimeSpan.FromDays(28));
        return new BounceOptions
        {
            SoftLimit = settings.Int("SoftLimit", defaults.SoftLimit, 1, 100),
            ForgetAfter = settings.Time("ForgetAfter", defaults.ForgetAfter, second, month),
            ProbeAfter = settings.Time("ProbeAfter", defaults.ProbeAfter, second, month),
            ProbeSilence = settings.Time("ProbeSilence", defaults.ProbeSilence, second, month),
            EndAfter = settings.Time("EndAfter", defaults.EndAfter, second, month),
        };
    }
}
