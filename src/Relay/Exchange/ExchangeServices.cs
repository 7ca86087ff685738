using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Relay.Exchange;

/// <summary>Registers the folder.</summary>
internal static class ExchangeServices
{
    /// <summary>Needs <c>IStore</c>, <c>TimeProvider</c>, logging, and the options bound to <see cref="ExchangeOptions.Section"/>.</summary>
    internal static IServiceCollection AddExchange(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ExchangeOptions>, ExchangeOptionsValidator>();
        services.AddOptions<ExchangeOptions>().BindConfiguration(ExchangeOptions.Section).ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ExchangeOptions>>().Value);
        services.AddSingleton<IExchangeCredentials>(provider =>
            provider.GetRequiredService<ExchangeOptions>().Auth == ExchangeAuth.Basic
                ? ActivatorUtilities.CreateInstance<BasicCredentials>(provider)
                : new NoCredentials());
        services.AddSingleton(provider => ExchangeHandlers.Create(provider.GetRequiredService<ExchangeOptions>()));
        services.AddSingleton<ExchangeHttp>(provider => ActivatorUtilities.CreateInstance<ExchangeHttp>(
            provider, (HttpMessageHandler)provider.GetRequiredService<SocketsHttpHandler>()));
        services.AddSingleton(provider => new Throttle(
            provider.GetRequiredService<ExchangeOptions>().ConcurrentRequests, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EwsClient>();
        services.AddSingleton<CatchUp>();
        services.AddSingleton<EventWriter>();
        services.AddSingleton<MailboxPreparer>();
        services.AddSingleton<StreamingEventSource>();
        services.AddSingleton<IEventSource>(provider => provider.GetRequiredService<StreamingEventSource>());
        services.AddHostedService(provider => provider.GetRequiredService<StreamingEventSource>());
        services.AddSingleton<IExchange, MailboxWatcher>();
        return services;
    }
}
