using Microsoft.Extensions.DependencyInjection;

namespace Relay.Notifications;

internal static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services) => services
        .AddSingleton<NotificationComposer>()
        .AddSingleton<StreamClosing>()
        .AddSingleton<SubscriptionClock>()
        .AddSingleton<ContentFetching>()
        .AddSingleton<NotificationMeters>()
        .AddHostedService<NotificationWorker>();
}
