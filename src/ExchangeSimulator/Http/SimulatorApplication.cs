using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Relay.ExchangeSimulator.Http;

/// <summary>Hands each request to whoever serves its path. Paths are compared as IIS does, ignoring case.</summary>
internal sealed class SimulatorApplication(string path, EwsEndpoint service, ControlEndpoint control, ILogger logger) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            if (string.Equals(context.Request.Path.Value, path, StringComparison.OrdinalIgnoreCase))
            {
                await service.HandleAsync(context);
            }
            else if (context.Request.Path.StartsWithSegments("/control", out var rest))
            {
                await control.HandleAsync(context, rest.Value ?? "");
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            SimulatorLog.ClientGone(logger);
        }
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }
}
