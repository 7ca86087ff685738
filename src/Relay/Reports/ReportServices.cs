using Microsoft.Extensions.DependencyInjection;
using Relay.Subscriptions;

namespace Relay.Reports;

internal static class ReportServices
{
    public static IServiceCollection AddReports(this IServiceCollection services, string hostName) => services.AddSingleton(
        provider => new DeliveryReports(provider.GetRequiredService<OwnMessageIds>(), hostName, provider.GetRequiredService<TimeProvider>()));
}
