using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Relay.Client.Services;

namespace Relay.Client.Commands;

/// <summary><c>month [YEAR MONTH]</c>: the calendar sample.</summary>
internal static class MonthCommand
{
    private const string Wanted = "month takes a year from 1 to 9999 and a month from 1 to 12, or nothing and then it asks.";

    public static Command Create(SessionOpener sessions)
    {
        var year = new Argument<string?>("YEAR") { Description = "1 to 9999", Arity = ArgumentArity.ZeroOrOne };
        var month = new Argument<string?>("MONTH") { Description = "1 to 12", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("month", "Asks the calendar service for a month; without YEAR and MONTH it asks you, again and again")
        {
            year, month,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(year) is not null && !TryRead(result.GetValue(year), result.GetValue(month), out _))
            {
                result.AddError(Wanted);
            }
        });
        sessions.SetAsking(command, (parsed, session, cancellationToken) =>
            TryRead(parsed.GetValue(year), parsed.GetValue(month), out (int Year, int Month) wanted)
                ? AskOnceAsync(session, wanted, cancellationToken)
                : new MonthDialogue(session).RunAsync(cancellationToken), service: "calendar");
        return command;
    }

    /// <summary>Asks and prints.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> AskOnceAsync(Session session, (int Year, int Month) wanted, CancellationToken cancellationToken)
    {
        var calendar = new CalendarMailService(session.Client, session.Service);
        ServiceResult<string> result = await calendar.GetMonthAsync(wanted.Year, wanted.Month, cancellationToken);
        return result is ServiceResult<string>.Success { Value: var text }
            ? session.Done(text.TrimEnd('\n'), new JsonObject { ["year"] = wanted.Year, ["month"] = wanted.Month, ["text"] = text })
            : session.End(result);
    }

    public static bool TryRead(string? yearText, string? monthText, out (int Year, int Month) wanted)
    {
        bool good = int.TryParse(yearText, NumberStyles.None, CultureInfo.InvariantCulture, out int year) & year is >= 1 and <= 9999
            & int.TryParse(monthText, NumberStyles.None, CultureInfo.InvariantCulture, out int month) & month is >= 1 and <= 12;
        wanted = (year, month);
        return good;
    }
}
