using Relay.Settings;
using Relay.Wire.Ews;

namespace Relay.Access;

/// <summary>How an entry's push subscriptions are told unless a Subscribe says otherwise: the section <c>Delivery</c> of an entry.</summary>
internal static class DeliveryDefaults
{
    public static DeliveryWishes Read(SettingsReader settings)
    {
        if (!settings.IsGiven)
        {
            return DeliveryWishes.None;
        }

        int minutes = settings.Int("DigestMinutes", 0, 0, DeliveryWishes.MostDigestMinutes);
        int events = settings.Int("DigestEvents", 0, 0, DeliveryWishes.MostDigestEvents);
        if (events > 0 && minutes == 0)
        {
            settings.Fault("DigestMinutes", "is not given, so DigestEvents could let events wait for ever");
        }

        int largest = settings.Int("LargestMail", 0, 0, DeliveryWishes.MostLargestMail);
        if (largest is > 0 and < DeliveryWishes.LeastLargestMail)
        {
            settings.Fault("LargestMail", $"is {largest}; it must be {DeliveryWishes.LeastLargestMail} or more, which one event may need");
        }

        return new DeliveryWishes
        {
            DigestMinutes = minutes > 0 ? minutes : null,
            DigestEvents = events > 0 ? events : null,
            Coalesce = settings.Bool("Coalesce", false) ? true : null,
            Content = settings.Choice("Content", DeliveryContent.Ids) is var content and not DeliveryContent.Ids ? content : null,
            LargestMail = largest > 0 ? largest : null,
        };
    }
}
