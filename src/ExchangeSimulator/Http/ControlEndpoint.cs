using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>
/// Makes things happen by HTTP, for tests of programs in other processes: everything in the query, so that a shell can do it. There is no
/// authentication, as there is nothing here to protect.
/// </summary>
internal sealed class ControlEndpoint(ExchangeSimulatorServer server)
{
    private const int MostAtOnce = 1_000_000;
    private const int LongestDelay = 86_400;

    public Task HandleAsync(HttpContext http, string path)
    {
        try
        {
            return Run(http.Request, path) is { } answer ? AnswerAsync(http, StatusCodes.Status200OK, answer) : NotFoundAsync(http);
        }
        catch (ArgumentException e)
        {
            // A wrong argument is told to whoever gave it.
            return AnswerAsync(http, StatusCodes.Status400BadRequest, new JsonObject { ["error"] = e.Message });
        }
    }

    private JsonNode? Run(HttpRequest request, string path) => (request.Method, path) switch
    {
        ("GET", "/state") => State(),
        ("GET", "/events") => Events(Text(request, "mailbox")),
        ("GET", "/faults") => new JsonArray([.. server.ArmedFaults.Select(fault => JsonValue.Create(fault))]),
        ("POST", "/faults") => Arm(request),
        ("DELETE", "/faults") => Done(server.Disarm),
        ("POST", "/deliver") => Id(server.DeliverMail(
            Text(request, "mailbox"), Text(request, "subject", "hello"), Text(request, "from", "control@simulator.invalid"), Text(request, "body", ""),
            request.Query["message-id"] is [{ } messageId] ? messageId : null)),
        ("POST", "/activity") => Repeat(Count(request), server.MakeActivity),
        ("POST", "/restart") => Done(server.Restart),
        ("POST", "/forget-subscriptions") => Done(server.ForgetSubscriptions),
        ("POST", "/forget-events") => Done(() => server.ForgetEvents(Text(request, "mailbox"))),
        ("POST", "/new-database") => Done(server.BecomeAnotherDatabase),
        _ => null,
    };

    private JsonObject State() => new()
    {
        ["url"] = server.BoundUrl.ToString(),
        ["openStreams"] = server.OpenStreams,
        ["mailboxes"] = new JsonArray([.. server.Mailboxes.Select(address => JsonValue.Create(address))]),
        ["subscriptions"] = new JsonArray([.. server.Subscriptions.Select(id => JsonValue.Create(id))]),
    };

    private JsonArray Events(string mailbox) => new([.. server.EventsOf(mailbox).Select(entry => new JsonObject
    {
        ["type"] = entry.Type.ToString(),
        ["watermark"] = entry.Watermark,
        ["time"] = entry.TimeStamp.ToString("O", CultureInfo.InvariantCulture),
        ["isFolder"] = entry.IsFolder,
        ["id"] = entry.Object.Id,
        ["parent"] = entry.ParentFolder.Id,
        ["oldId"] = entry.OldObject?.Id,
    })]);

    private JsonObject Arm(HttpRequest request)
    {
        var kind = Text(request, "kind");
        if (!Enum.TryParse<SimulatorFault>(kind, ignoreCase: true, out var fault) || !Enum.IsDefined(fault))
        {
            throw new ArgumentException($"{kind} is none of {string.Join(", ", Enum.GetNames<SimulatorFault>())}.");
        }

        server.Arm(fault, Count(request), request.Query["operation"], Delay(request));
        return [];
    }

    private static JsonObject Id(EwsId id) => new() { ["id"] = id.Id };

    private static JsonObject Done(Action action)
    {
        action();
        return [];
    }

    private static JsonObject Repeat(int count, Action action)
    {
        for (var i = 0; i < count; i++)
        {
            action();
        }

        return [];
    }

    private static string Text(HttpRequest request, string name, string? ifMissing = null) => request.Query[name] switch
    {
        [{ } value] => value,
        [] when ifMissing is not null => ifMissing,
        [] => throw new ArgumentException($"The query needs {name}=…."),
        _ => throw new ArgumentException($"The query has {name} more than once."),
    };

    private static int Count(HttpRequest request)
    {
        var text = Text(request, "count", "1");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MostAtOnce
            ? count
            : throw new ArgumentException($"count is \"{text}\"; give a number from 1 to {MostAtOnce}.");
    }

    private static TimeSpan Delay(HttpRequest request)
    {
        var text = Text(request, "delay", "0");
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestDelay
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException($"delay is \"{text}\"; give seconds from 0 to {LongestDelay}.");
    }

    private static Task NotFoundAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task AnswerAsync(HttpContext http, int status, JsonNode answer)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(answer.ToJsonString(), http.RequestAborted);
    }
}
