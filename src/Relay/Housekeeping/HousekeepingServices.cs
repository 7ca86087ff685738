using Microsoft.Extensions.DependencyInjection;

namespace Relay.Housekeeping;

internal static class HousekeepingServices
{
    public static IServiceCollection AddHousekeeping(this IServiceCollection services) => services
        .AddSingleton<HousekeepingWorker>()
        .AddHostedService(provider => provider.GetRequiredService<HousekeepingWorker>());
}
