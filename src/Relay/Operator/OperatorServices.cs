using Microsoft.Extensions.DependencyInjection;

namespace Relay.Operator;

internal static class OperatorServices
{
    public static IServiceCollection AddOperator(this IServiceCollection services, TelemetryOptions telemetry) => services
        .AddSingleton(telemetry)
        .AddHostedService<TelemetryExport>()
        .AddSingleton<StatusReader>()
        .AddSingleton<MeterCollector>()
        .AddSingleton<StoreMeters>()
        .AddHostedService<OperatorActionWorker>();
}
