using Relay.Settings;

namespace Relay.Operator;

/// <summary>The section <c>Relay:Telemetry</c>: where metrics and traces are sent, if anywhere.</summary>
/// <param name="OtlpEndpoint">Of a collector that takes OTLP by http/protobuf, without <c>/v1/…</c>; null sends nothing.</param>
/// <param name="Interval">Between two reports.</param>
internal sealed record TelemetryOptions(Uri? OtlpEndpoint, TimeSpan Interval)
{
    public static TelemetryOptions Read(SettingsReader settings)
    {
        // As often as Prometheus asks by default.
        var interval = settings.Time("Interval", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        if (settings.OptionalText("OtlpEndpoint") is not { } text)
        {
            return new TelemetryOptions(null, interval);
        }

        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            settings.Fault("OtlpEndpoint", $"is \"{text}\"; give the http or https URL of a collector, such as http://127.0.0.1:4318");
        }

        return new TelemetryOptions(url, interval);
    }
}
