using System.Globalization;

namespace Relay.Wire.Ews;

/// <summary>How a push subscriber wants to be told; what is null is left to others. Without any wish it is what EWS push does.</summary>
public sealed record DeliveryWishes
{
    /// <summary>The most events that a digest waits for.</summary>
    public const int MostDigestEvents = 200;

    /// <summary>The longest that a digest waits.</summary>
    public const int MostDigestMinutes = 1440;

    /// <summary>Room for one event with its properties.</summary>
    public const int LeastLargestMail = 16 * 1024;

    /// <summary>More than mail servers take.</summary>
    public const int MostLargestMail = 32 * 1024 * 1024;

    private const int UsualDigestEvents = 50;

    private const int UsualLargestMail = 1_000_000;

    /// <summary>No wish at all.</summary>
    public static DeliveryWishes None { get; } = new();

    /// <summary>How long events are collected, counted from the first; 0 mails each as it comes.</summary>
    public int? DigestMinutes { get; init; }

    /// <summary>How many are told at once, though the time has not passed.</summary>
    public int? DigestEvents { get; init; }

    /// <summary>Whether several events of one object become their net effect.</summary>
    public bool? Coalesce { get; init; }

    /// <summary>What is told of the items.</summary>
    public DeliveryContent? Content { get; init; }

    /// <summary>The largest mail, in octets; what would be larger is told in several.</summary>
    public int? LargestMail { get; init; }

    /// <summary>Time for which events are collected; null where each is mailed as it comes.</summary>
    public TimeSpan? Waits() => DigestMinutes is > 0 and var minutes ? TimeSpan.FromMinutes(minutes) : null;

    /// <summary>How many events end the waiting.</summary>
    public int Enough() => DigestEvents ?? UsualDigestEvents;

    /// <summary>The largest mail, in octets.</summary>
    public int Largest() => LargestMail ?? UsualLargestMail;

    /// <summary>These wishes, and another's where there is none.</summary>
    public DeliveryWishes Over(DeliveryWishes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new DeliveryWishes
        {
            DigestMinutes = DigestMinutes ?? other.DigestMinutes,
            DigestEvents = DigestEvents ?? (DigestMinutes is null ? other.DigestEvents : null),
            Coalesce = Coalesce ?? other.Coalesce,
            Content = Content ?? other.Content,
            LargestMail = LargestMail ?? other.LargestMail,
        };
    }

    /// <summary>For people: <c>digests of 20 events or 15 minutes, net effects, properties</c>.</summary>
    public string ToWords()
    {
        var words = new[]
        {
            Waits() is null ? "each event" : string.Create(CultureInfo.InvariantCulture, $"digests of {Enough()} events or {DigestMinutes} minutes"),
            Coalesce == true ? "net effects" : null,
            Content switch { DeliveryContent.Properties => "properties", DeliveryContent.Items => "items", _ => null },
            LargestMail is null ? null : string.Create(CultureInfo.InvariantCulture, $"mails of at most {LargestMail} octets"),
        };
        return string.Join(", ", words.OfType<string>());
    }
}
