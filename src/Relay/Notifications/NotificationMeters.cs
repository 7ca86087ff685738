using System.Diagnostics.Metrics;

namespace Relay.Notifications;

/// <summary>What the making of notifications measures.</summary>
internal sealed class NotificationMeters(IMeterFactory factory)
{
    private readonly Histogram<double> _lag = factory.Create("Relay.Notifications")
        .CreateHistogram<double>("relay.notification.lag", "s", "From the time that Exchange gives the last event of a notification to the mail in the outbox; without those found by catching up");

    public void Made(TimeSpan lag) => _lag.Record(Math.Max(0, lag.TotalSeconds));
}
