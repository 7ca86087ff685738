using Microsoft.Extensions.DependencyInjection;
using Relay.Store;

namespace Relay.Subscriptions;

internal static class SubscriptionServices
{
    public static IServiceCollection AddSubscriptions(this IServiceCollection services, IStore store)
    {
        var (logId, key) = store.Read(transaction => (transaction.Identity.LogId, transaction.Identity.SigningKey));
        return services
            .AddSingleton(new WatermarkCodec(logId))
            .AddSingleton(new SubscriptionTokens(key))
            .AddSingleton(provider => new OwnMessageIds(key, provider.GetRequiredService<IdSource>()));
    }
}
