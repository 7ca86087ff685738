using Microsoft.Extensions.DependencyInjection;

namespace Relay.Outbound;

internal static class OutboundServices
{
    public static IServiceCollection AddOutbound(this IServiceCollection services, DeliveryOptions options, string helloName) => services
        .AddSingleton(options)
        .AddSingleton(options.Smarthost)
        .AddSingleton<SmarthostHealth>()
        .AddSingleton<SmarthostStates>()
        .AddSingleton<RetrySchedule>()
        .AddSingleton<OutcomeSettling>()
        .AddSingleton(provider => new SmarthostConnector(options.Smarthost, helloName, provider.GetRequiredService<TimeProvider>()))
        .AddHostedService<OutboundWorker>();
}
