using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Relay.Exchange;

/// <summary>Registers the folder.</summary>
internal static class ExchangeServices
{
    /// <summary>Needs <c>IStore</c>, <c>IOwnMail</c>, <c>TimeProvider</c>, <c>Random</c> and logging beside it.</summary>
    internal static IServiceCollection AddExchange(this IServiceCollection services, ExchangeOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<IExchangeCredentials>(provider => provider.GetRequiredService<ExchangeOptions>().Auth switch
        {
            ExchangeAuth.Basic => ActivatorUtilities.CreateInstance<BasicCredentials>(provider),
            ExchangeAuth.Negotiate => new NoCredentials(),
            ExchangeAuth.OAuth => ActivatorUtilities.CreateInstance<OAuthCredentials>(provider),
            var other => throw new ArgumentOutOfRangeException(nameof(options), other, "The three ways are the only ones."),
        });
        services.AddSingleton(provider => ExchangeHandlers.Create(provider.GetRequiredService<ExchangeOptions>()));
        services.AddSingleton<ExchangeHttp>(provider => ActivatorUtilities.CreateInstance<ExchangeHttp>(
            provider, (HttpMessageHandler)provider.GetRequiredService<SocketsHttpHandler>()));
        services.AddSingleton(provider => new Throttle(
            provider.GetRequiredService<ExchangeOptions>().ConcurrentRequests, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EwsClient>();
        services.AddSingleton<ExchangeProbe>();
        services.AddSingleton<SharedReads>();
        services.AddSingleton<ItemReader>();
        services.AddSingleton<IMailboxAccess, MailboxAccess>();
        services.AddSingleton<CatchUp>();
        services.AddSingleton<Advance>();
        services.AddSingleton<OwnMailGuard>();
        services.AddSingleton<EventWriter>();
        services.AddSingleton<MailboxPreparer>(provider => ActivatorUtilities.CreateInstance<MailboxPreparer>(
            provider, (ILogger)provider.GetRequiredService<ILogger<MailboxPreparer>>()));
        services.AddSingleton<PushListener>();
        _ = options.Mode switch
        {
            ExchangeMode.Streaming => services.AddSingleton<IEventSource, StreamingEventSource>(),
            ExchangeMode.Pull => services.AddSingleton<IEventSource, PullEventSource>(),
            ExchangeMode.Push => services.AddSingleton<IEventSource, PushEventSource>(),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Mode, "The three modes are the only ones."),
        };
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<IEventSource>());
        services.AddSingleton<IExchange, MailboxWatcher>();
        return services;
    }
}
