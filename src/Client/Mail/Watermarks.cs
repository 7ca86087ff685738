using Relay.Wire.Ews;

namespace Relay.Client.Mail;

/// <summary>Where notifications stand.</summary>
internal static class Watermarks
{
    /// <returns>The watermark up to which everything is known once the notification is; null where it names none.</returns>
    public static string? LastWatermark(this EwsNotification notification) =>
        notification.Events.LastOrDefault(one => one.Watermark is not null)?.Watermark;
}
