using System.CommandLine;
using Relay.Client.Mail;

namespace Relay.Client.Commands;

/// <summary>The options of a command that goes on listening.</summary>
internal sealed class FollowOptions
{
    private readonly Option<int?> _count = new("--count") { Description = "End after this many notifications", HelpName = "N" };
    private readonly Option<bool> _fetch = new("--fetch")
    {
        Description = "Where a notification was lost, fetch its events with GetEvents",
    };
    private readonly Option<bool> _acknowledge = new("--acknowledge")
    {
        Description = "Reply to each notification with SendNotificationResult OK",
    };
    private readonly Option<string?> _state = new("--state")
    {
        Description = "Keep the watermarks seen in this file, so that nothing is missed across restarts",
        HelpName = "FILE",
    };

    public FollowOptions() => _count.Validators.Add(Ranges.Between(1, int.MaxValue));

    public void AddTo(Command command)
    {
        command.Options.Add(_count);
        command.Options.Add(_fetch);
        command.Options.Add(_acknowledge);
        command.Options.Add(_state);
    }

    /// <summary>Opens the file of <c>--state</c>, before anything is done that it must remember.</summary>
    /// <returns>Null where none was named.</returns>
    public WatermarkFile? OpenState(ParseResult parsed) => parsed.GetValue(_state) is { } path ? WatermarkFile.Open(path) : null;

    /// <summary>Listens as the options say.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ParseResult parsed, Session session, WatermarkFile? state, CancellationToken cancellationToken)
    {
        state?.CopyTo(session.Client.Chain);
        return await new IncomingPrinter(session, state, parsed.GetValue(_fetch), parsed.GetValue(_acknowledge))
            .RunAsync(parsed.GetValue(_count) ?? int.MaxValue, cancellationToken);
    }
}
