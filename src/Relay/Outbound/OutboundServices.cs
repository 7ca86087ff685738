using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Bounces;
using Relay.Store;

namespace Relay.Outbound;

internal static class OutboundServices
{
    public static IServiceCollection AddOutbound(this IServiceCollection services, DeliveryOptions options, string helloName) => services
        .AddSingleton(options)
        .AddSingleton<SmarthostStates>()
        .AddSingleton<RetrySchedule>()
        .AddSingleton<ForwardReports>()
        .AddSingleton<OutcomeSettling>()
        .AddSingleton(provider => CreateRoutes(provider, options, helloName))
        .AddHostedService<OutboundWorker>();

    private static RouteTable CreateRoutes(IServiceProvider provider, DeliveryOptions options, string helloName)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var logger = provider.GetRequiredService<ILogger<OutboundSender>>();
        var known = new Dictionary<SmarthostOptions, Smarthost>();

        RouteSenders Senders(IReadOnlyList<SmarthostOptions> smarthosts) => new(
            new Route([.. smarthosts.Select(one => Known(one, smarthosts.Count > 1))], logger),
            new RouteQueue(options.Connections, provider.GetRequiredService<IStore>().Bells.Outbox, time),
            Sender,
            options.Connections);

        // Two routes to one server find it well or away together.
        Smarthost Known(SmarthostOptions one, bool hasDeputy) => known.TryGetValue(one, out var smarthost)
            ? smarthost
            : known[one] = new Smarthost(one, hasDeputy, options, helloName, time);

        OutboundSender Sender(Route route, RouteQueue queue) => new(
            route,
            queue,
            provider.GetRequiredService<IStore>(),
            provider.GetRequiredService<OutcomeSettling>(),
            provider.GetRequiredService<EnvelopeIds>(),
            options,
            time,
            logger);

        return new RouteTable(
            [.. options.Routes.Select(route => (route, Senders([route.Smarthost])))],
            Senders(options.Smarthosts));
    }
}
