using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Relay.Store;

namespace Relay.Operator;

/// <summary>Sends the meters of <c>/metrics</c> and the stages of each mail to a collector, by OTLP; what it does not take is dropped, and mail goes on.</summary>
internal sealed class TelemetryExport(TelemetryOptions options) : IHostedService, IDisposable
{
    private MeterProvider? _meters;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.OtlpEndpoint is not { } endpoint)
        {
            return Task.CompletedTask;
        }

        var milliseconds = (int)options.Interval.TotalMilliseconds;
        _meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Name)
            .AddMeter("Relay.*")
            .AddOtlpExporter((exporter, reader) =>
            {
                Direct(exporter, endpoint, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = milliseconds;
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Name)
            .AddSource(StageTraces.SourceName)
            .AddOtlpExporter(exporter =>
            {
                Direct(exporter, endpoint, "v1/traces");
                exporter.BatchExportProcessorOptions.ScheduledDelayMilliseconds = milliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left, for a few seconds.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        const int Milliseconds = 3000;
        _traces?.Shutdown(Milliseconds);
        _meters?.Shutdown(Milliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _meters?.Dispose();
    }

    private static void Name(ResourceBuilder resource) => resource.AddService("relay", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString());

    private static void Direct(OtlpExporterOptions exporter, Uri endpoint, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(endpoint, path);
    }
}
