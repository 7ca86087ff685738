using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relay.Store;

namespace Relay.Operator;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: the store can be read and every worker works; with what waits in the queues.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app, IStore store)
    {
        app.MapGet("/health/live", () => Results.Text("live\n"));
        app.MapGet("/health/ready", () => Ready(store, app.Services));
    }

    /// <summary>Names of workers that have ended while the relay runs.</summary>
    private static List<string> Failed(IServiceProvider services) =>
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested
            ? []
            : [.. services.GetServices<IHostedService>().OfType<BackgroundService>()
                .Where(worker => worker.ExecuteTask is { IsCompleted: true })
                .Select(worker => worker.GetType().Name)];

    private static IResult Ready(IStore store, IServiceProvider services)
    {
        if (Failed(services) is { Count: > 0 } workers)
        {
            string reason = $"failed: {string.Join(", ", workers)}; see the log";
            return Results.Json(new { status = "not ready", reason, workers }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        try
        {
            var (spool, outbox, subscriptions) = store.Read(
                transaction => (transaction.Spool.Counts(), transaction.Outbox.Counts(), transaction.Subscriptions.CountActive()));
            return Results.Json(new { status = "ready", spool, outbox, subscriptions });
        }
        catch (StoreUnavailableException exception)
        {
            return Results.Json(new { status = "not ready", reason = exception.Message }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
