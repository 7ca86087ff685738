using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Relay.Store;

namespace Relay.Operator;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: the store can be read, with what waits in the queues.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app, IStore store)
    {
        app.MapGet("/health/live", () => Results.Text("live\n"));
        app.MapGet("/health/ready", () => Ready(store));
    }

    private static IResult Ready(IStore store)
    {
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
