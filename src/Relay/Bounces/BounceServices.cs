using Microsoft.Extensions.DependencyInjection;
using Relay.Store;

namespace Relay.Bounces;

internal static class BounceServices
{
    public static IServiceCollection AddBounces(this IServiceCollection services, IStore store, BounceOptions options)
    {
        byte[] key = store.Read(transaction => transaction.Identity.SigningKey);
        return services
            .AddSingleton(options)
            .AddSingleton(new EnvelopeIds(key))
            .AddSingleton<BounceBook>()
            .AddSingleton<BounceMails>()
            .AddSingleton<LifecycleComposer>()
            .AddHostedService<SuspensionWorker>();
    }
}
