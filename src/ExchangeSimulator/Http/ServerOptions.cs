using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Relay.ExchangeSimulator.Http;

/// <summary>Where and how Kestrel listens.</summary>
internal static class ServerOptions
{
    public static KestrelServerOptions Create(ExchangeSimulatorOptions options)
    {
        var created = new KestrelServerOptions { AddServerHeader = false };
        var address = IPAddress.TryParse(options.Url.Host.Trim('[', ']'), out var literal) ? literal : IPAddress.Loopback;
        if (options.Certificate is null)
        {
            created.Listen(address, options.Url.Port);
            return created;
        }

        // TLS looks for services of Kestrel's own, which only a host builder registers; no host is run.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        created.ApplicationServices = builder.Services.BuildServiceProvider();
        created.Listen(address, options.Url.Port, listen => listen.UseHttps(options.Certificate));
        return created;
    }
}
