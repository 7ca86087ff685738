using System.CommandLine;

namespace Relay.Client.Commands;

/// <summary><c>listen</c>: shows notifications live.</summary>
internal static class ListenCommand
{
    public static Command Create(ClientSession session)
    {
        Option<int?> count = CountOption();
        var command = new Command("listen", "Shows notifications as they come, until Ctrl-C") { count };
        session.SetAction(command, "ews", _ => true, (parsed, running, cancellationToken) =>
        {
            running.Reporter.Hint($"Listening for mail to {running.From} on {running.Client.EndPoint}; Ctrl-C ends it.");
            return new IncomingPrinter(running).RunAsync(parsed.GetValue(count) ?? int.MaxValue, cancellationToken);
        });
        return command;
    }

    /// <summary><c>--count</c>: for scripts that wait for an event.</summary>
    public static Option<int?> CountOption()
    {
        var option = new Option<int?>("--count")
        {
            Description = "End after this many notifications",
            HelpName = "N",
        };
        option.Validators.Add(Ranges.Between(1, int.MaxValue));
        return option;
    }
}
