using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Relay.Client.Services;

namespace Relay.Client.Commands;

/// <summary><c>ping</c>: whether mail gets to the relay and back, and how long it takes.</summary>
internal static class PingCommand
{
    public static Command Create(SessionOpener sessions)
    {
        var command = new Command("ping", "Sends a mail to the relay and back, the first thing to try");
        sessions.SetAsking(command, async (_, session, cancellationToken) =>
        {
            long started = session.Environment.Time.GetTimestamp();
            ServiceResult<RelayFields> result = await session.Relay.PingAsync(cancellationToken);
            double milliseconds = Math.Round(session.Environment.Time.GetElapsedTime(started).TotalMilliseconds);
            return result is ServiceResult<RelayFields>.Success { Value: var fields }
                ? session.Done(
                    string.Create(CultureInfo.InvariantCulture, $"The relay answered after {milliseconds} ms.{FieldsView.Lines(fields)}"),
                    FieldsView.Json(fields, ("milliseconds", JsonValue.Create(milliseconds))))
                : session.End(result);
        });
        return command;
    }
}
