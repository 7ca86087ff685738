using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relay.Settings;

namespace Relay.Inbound;

/// <summary>
/// <c>POST /trace?network=…&amp;for=…</c> writes the dialogues of these clients to the log for a while, those under way too; <c>GET</c> tells what
/// is traced, <c>DELETE</c> ends it. Only for callers on this machine that are no web page.
/// </summary>
internal static class TraceEndpoints
{
    public static void MapTrace(this WebApplication app)
    {
        _ = app.Services.GetRequiredService<TraceDesk>(); // the settings may name networks, whoever asks here or not
        app.MapGet("/trace", (HttpContext http, TraceDesk desk) => Allowed(http) ?? List(desk));
        app.MapPost("/trace", (HttpContext http, TraceDesk desk) => Allowed(http) ?? Begin(http.Request.Query, desk));
        app.MapDelete("/trace", (HttpContext http, TraceDesk desk) => Allowed(http) ?? End(http.Request.Query, desk));
    }

    // A page in a browser on this machine could post here too; browsers say where it came from. A proxy speaks for somebody elsewhere.
    private static IResult? Allowed(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller)
        && !http.Request.Headers.ContainsKey("Origin") && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded")
            ? null
            : Results.Text("Only programs on this machine may trace.\n", statusCode: StatusCodes.Status403Forbidden);

    private static IResult List(TraceDesk desk) =>
        Results.Text(string.Concat(desk.List().Select(trace => $"{TraceDesk.Told(trace)}\n").DefaultIfEmpty("nobody is traced\n")));

    private static IResult Begin(IQueryCollection query, TraceDesk desk)
    {
        if (!SettingsReader.TryNetwork(query["network"].ToString(), out var network))
        {
            return Wrong($"network is \"{query["network"]}\"; give an address or a network such as 192.0.2.0/24");
        }

        string length = query["for"].ToString();
        if (!TimeSpan.TryParse(length.Length > 0 ? length : $"{TraceDesk.Usual}", CultureInfo.InvariantCulture, out var time)
            || time < TimeSpan.FromSeconds(1) || time > TraceDesk.Longest)
        {
            return Wrong($"for is \"{length}\"; give a time such as 00:10:00, up to {TraceDesk.Longest}");
        }

        return desk.Begin(network, time) ? List(desk) : Wrong("so many networks are traced already; end some with DELETE");
    }

    private static IResult End(IQueryCollection query, TraceDesk desk)
    {
        string text = query["network"].ToString();
        if (text.Length == 0)
        {
            desk.End(null);
            return List(desk);
        }

        if (!SettingsReader.TryNetwork(text, out var network))
        {
            return Wrong($"network is \"{text}\"; give one that is traced, or none to end all");
        }

        desk.End(network);
        return List(desk);
    }

    private static IResult Wrong(string sentence) => Results.Text($"{sentence}.\n", statusCode: StatusCodes.Status400BadRequest);
}
