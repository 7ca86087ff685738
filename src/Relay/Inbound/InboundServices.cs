using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Access;
using Relay.Store;

namespace Relay.Inbound;

internal static class InboundServices
{
    public static IServiceCollection AddInbound(this IServiceCollection services, SmtpOptions options) => services
        .AddSingleton(options)
        .AddSingleton<InboundMeters>()
        .AddSingleton(provider => new SpoolHandler(
            provider.GetRequiredService<IStore>(),
            provider.GetRequiredService<RecipientDirectory>(),
            provider.GetRequiredService<AccessPolicy>(),
            options.HostName,
            provider.GetRequiredService<InboundMeters>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SpoolHandler>>()))
        .AddSingleton(provider => new AccountAuthenticator(
            provider.GetRequiredService<AccessOptions>().Accounts,
            provider.GetRequiredService<IStore>(),
            new GuessGuard(options.AuthFailuresPerClient, options.AuthLockout, provider.GetRequiredService<TimeProvider>())))
        .AddSingleton<SmtpFrontDoor>()
        .AddHostedService(provider => provider.GetRequiredService<SmtpFrontDoor>());
}
