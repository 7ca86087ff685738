using Microsoft.Extensions.DependencyInjection;

namespace Relay.Housekeeping;

internal static class HousekeepingServices
{
    /// <summary>To be added before whatever mails.</summary>
    public static IServiceCollection AddAccessReview(this IServiceCollection services) => services.AddHostedService<AccessReview>();

    public static IServiceCollection AddHousekeeping(this IServiceCollection services, RetentionOptions options) => services
        .AddSingleton(options)
        .AddSingleton<EventRetention>()
        .AddSingleton<HousekeepingWorker>()
        .AddHostedService(provider => provider.GetRequiredService<HousekeepingWorker>());
}
