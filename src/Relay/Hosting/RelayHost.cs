using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Access;
using Relay.Bounces;
using Relay.Exchange;
using Relay.Housekeeping;
using Relay.Inbound;
using Relay.Intake;
using Relay.Notifications;
using Relay.Operations;
using Relay.Operator;
using Relay.Outbound;
using Relay.Reports;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Hosting;

/// <summary>
/// Puts the gateway together, in the order in which a mail goes through it. The store opens first; workers, simulator and HTTP follow; SMTP
/// opens last and closes first.
/// </summary>
internal static class RelayHost
{
    /// <param name="settings">Checked already.</param>
    /// <param name="store">Open, locked for this run and recovered.</param>
    /// <param name="configureLogging">Where log lines go.</param>
    /// <param name="time">The clock; the system's unless given.</param>
    public static WebApplication Build(RelaySettings settings, IStore store, Action<ILoggingBuilder> configureLogging, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear(); // the settings are read already; nothing else may steer the host
        builder.Configuration.AddInMemoryCollection();
        configureLogging(builder.Logging.ClearProviders());
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, settings.Http.Url));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(40));
        if (settings.Exchange.Url is null)
        {
            UseEmbeddedExchange(builder.Services, settings);
        }

        AddStages(builder.Services, settings, store, time ?? TimeProvider.System);
        var app = builder.Build();
        app.RefuseOtherNames();
        app.MapHealth(store);
        app.MapTrace();
        app.MapStatus();
        app.MapExchangePush();
        return app;
    }

    private static void AddStages(IServiceCollection services, RelaySettings settings, IStore store, TimeProvider time) => services
        .AddSingleton(time)
#pragma warning disable RS0030 // Here chance enters; whoever takes it from the constructor may draw from many threads.
        .AddSingleton(Random.Shared)
#pragma warning restore RS0030
        .AddSingleton(store)
        .AddSingleton(new IdSource(RandomNumberGenerator.Create()))
        .AddAccess(settings.Access, settings.Services, settings.Smtp.Domains, settings.Unknown)
        .AddSubscriptions(store)
        .AddReports(settings.Smtp.HostName)
        .AddOperations()
        .AddAccessReview()
        // Services stop in the reverse of this order: each stage outlives those that leave it work.
        .AddBounces(store, settings.Bounces)
        .AddOutbound(settings.Delivery, settings.Smtp.HostName)
        .AddNotifications()
        .AddSingleton<INotifiedItems, ExchangeItems>()
        .AddIntake(settings.Smtp.Mime)
        .AddSingleton<IOwnMail, OwnMail>()
        .AddExchange(settings.Exchange)
        .AddHousekeeping(settings.Retention)
        .AddOperator(settings.Telemetry)
        .AddInbound(settings.Smtp, settings.Pickups);

    // It takes any account; naming one keeps the rest of the relay from knowing a case of its own.
    private static void UseEmbeddedExchange(IServiceCollection services, RelaySettings settings)
    {
        settings.Exchange.Url = settings.Simulator.Url;
        settings.Exchange.UserName = "relay";
        settings.Exchange.Password = "relay";
        services.AddSingleton(settings.Simulator).AddHostedService<EmbeddedExchange>();
    }

    private static void Listen(KestrelServerOptions kestrel, Uri url)
    {
        kestrel.AddServerHeader = false;
        var address = url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(url.Host.Trim('[', ']'));
        kestrel.Listen(address, url.Port);
    }
}
