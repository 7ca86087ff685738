using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Access;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Inbound;

internal static class InboundServices
{
    public static IServiceCollection AddInbound(this IServiceCollection services, SmtpOptions options, IReadOnlyList<PickupOptions> pickups) => services
        .AddSingleton(options)
        .AddSingleton<InboundMeters>()
        .AddSingleton(provider =>
            new Pressure(provider.GetRequiredService<IStore>(), options.MostWaiting, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new SpoolHandler(
            provider.GetRequiredService<IStore>(),
            provider.GetRequiredService<RecipientDirectory>(),
            provider.GetRequiredService<SubscriptionTokens>(),
            provider.GetRequiredService<AccessPolicy>(),
            provider.GetRequiredService<Pressure>(),
            new MailRates(
                options.MailsPerMinutePerClient,
                provider.GetRequiredService<AccessPolicy>(),
                provider.GetRequiredService<InboundMeters>(),
                provider.GetRequiredService<TimeProvider>()),
            options.HostName,
            provider.GetRequiredService<InboundMeters>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SpoolHandler>>()))
        .AddSingleton<StoredAccounts>()
        .AddSingleton(provider => new AccountAuthenticator(
            provider.GetRequiredService<AccessOptions>().Accounts,
            provider.GetRequiredService<StoredAccounts>(),
            new GuessGuard(options.AuthFailuresPerClient, options.AuthLockout, provider.GetRequiredService<TimeProvider>())))
        .AddSingleton<SmtpFrontDoor>()
        .AddSingleton<TraceDesk>()
        .AddHostedService(provider => provider.GetRequiredService<SmtpFrontDoor>())
        .AddPickups(options, pickups);

    // Nothing to watch, no worker: one that ended at once would look like one that failed.
    private static IServiceCollection AddPickups(this IServiceCollection services, SmtpOptions options, IReadOnlyList<PickupOptions> pickups) =>
        pickups.Count == 0 ? services : services
        .AddHostedService(provider => new PickupWorker(
            pickups,
            provider.GetRequiredService<IStore>(),
            provider.GetRequiredService<RecipientDirectory>(),
            provider.GetRequiredService<IdSource>(),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PickupWorker>>()));
}
