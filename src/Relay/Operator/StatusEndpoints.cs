using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relay.Store;

namespace Relay.Operator;

/// <summary><c>/metrics</c> for Prometheus, and the page at <c>/</c> for people.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this WebApplication app)
    {
        var collector = app.Services.GetRequiredService<MeterCollector>(); // from now on it adds up
        _ = app.Services.GetRequiredService<StoreMeters>();
        app.MapGet("/metrics", () => Results.Text(Metrics(collector), "text/plain; version=0.0.4; charset=utf-8"));
        app.MapGet("/", (HttpContext context, StatusReader reader, TimeProvider time) => Page(context, reader, time));
    }

    private static string Metrics(MeterCollector collector)
    {
        var text = new StringBuilder();
        foreach (var family in collector.Collect())
        {
            family.Write(text);
        }

        return text.ToString();
    }

    private static IResult Page(HttpContext context, StatusReader reader, TimeProvider time)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = StatusPage.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        try
        {
            return Results.Content(StatusPage.Render(reader, time.GetUtcNow()), "text/html; charset=utf-8");
        }
        catch (StoreUnavailableException exception)
        {
            return Results.Text($"The store cannot be read: {exception.Message}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
