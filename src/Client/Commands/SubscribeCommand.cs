using System.CommandLine;
using System.Text.Json.Nodes;
using Relay.Client.Mail;
using Relay.Client.Services;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;

namespace Relay.Client.Commands;

/// <summary><c>subscribe</c>: watches folders of a mailbox.</summary>
internal sealed class SubscribeCommand
{
    private readonly Option<MailAddress?> _mailbox = AddressOption.Create("--mailbox", "Whose mailbox");
    private readonly Option<string[]> _folders = new("--folder") { Description = "A folder by its fixed name: inbox, calendar, sentitems … (default: inbox); may be repeated", HelpName = "NAME" };
    private readonly Option<string[]> _folderIds = new("--folder-id") { Description = "A folder by its id; may be repeated", HelpName = "ID" };
    private readonly Option<bool> _allFolders = new("--all-folders") { Description = "Every folder of the mailbox" };
    private readonly Option<string[]> _events = EventOption.Create();
    private readonly Option<SubscriptionKind?> _kind = new("--kind")
    {
        Description = "push: events come by mail; pull: fetch them with get-events; streaming: fetch them with stream (default: push)",
        HelpName = "push|pull|streaming",
        CustomParser = result =>
        {
            if (!Enum.TryParse(result.Tokens[0].Value, ignoreCase: true, out SubscriptionKind kind) || !Enum.IsDefined(kind))
            {
                result.AddError($"'{result.Tokens[0].Value}' is no kind of subscription: take push, pull or streaming.");
            }
            return kind;
        },
    };
    private readonly Option<int> _timeout = MinutesOption("--timeout", "pull: idle minutes after which the subscription ends", 1440);
    private readonly Option<int> _statusFrequency = MinutesOption("--status-frequency", "push: minutes without events after which a heartbeat comes", 60);
    private readonly Option<string?> _watermark = new("--watermark") { Description = "Begin after this event instead of now", HelpName = "WATERMARK" };
    private readonly Option<bool> _follow = new("--follow") { Description = "push: go on listening, as listen does" };
    private readonly FollowOptions _following = new();

    public static Command Create(SessionOpener sessions)
    {
        var parts = new SubscribeCommand();
        parts._mailbox.Required = true;
        var command = new Command("subscribe", "Watches folders of a mailbox")
        {
            parts._mailbox, parts._folders, parts._folderIds, parts._allFolders, parts._events, parts._kind, parts._timeout,
            parts._statusFrequency, parts._watermark, parts._follow,
        };
        parts._following.AddTo(command);
        sessions.SetListening(command, parsed => parsed.GetValue(parts._follow), parts.RunAsync);
        return command;
    }

    private static Option<int> MinutesOption(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = $"{description}, 1 to 1440", HelpName = "MINUTES", DefaultValueFactory = _ => standard };
        option.Validators.Add(Ranges.Between(1, 1440));
        return option;
    }

    private async Task<int> RunAsync(ParseResult parsed, Session session, CancellationToken cancellationToken)
    {
        string mailbox = parsed.GetValue(_mailbox)!.ToString();
        WatermarkFile? state = _following.OpenState(parsed);
        ServiceResult<EwsSubscribed> result = await session.Ews.SubscribeAsync(Request(parsed, session, mailbox), mailbox, cancellationToken);
        if (result is not ServiceResult<EwsSubscribed>.Success { Value: var ticket })
        {
            return session.End(result);
        }
        string watermark = ticket.Watermark is null ? "" : $"{Environment.NewLine}Watermark: {ticket.Watermark}";
        session.Reporter.Result($"SubscriptionId: {ticket.SubscriptionId}{watermark}",
            new JsonObject { ["subscriptionId"] = ticket.SubscriptionId, ["watermark"] = ticket.Watermark });
        if (ticket.Watermark is not null)
        {
            state?.Set(ticket.SubscriptionId, ticket.Watermark);
        }
        if (parsed.GetValue(_follow))
        {
            return await _following.RunAsync(parsed, session, state, cancellationToken);
        }
        session.Reporter.Hint(Next(Kind(parsed), ticket));
        return ExitCodes.Success;
    }

    private SubscribeRequest Request(ParseResult parsed, Session session, string mailbox)
    {
        SubscriptionKind kind = Kind(parsed);
        bool allFolders = parsed.GetValue(_allFolders);
        IEnumerable<FolderReference> named = (parsed.GetValue(_folders) ?? []).Select(name => new FolderReference.Distinguished(name, mailbox));
        IEnumerable<FolderReference> byId = (parsed.GetValue(_folderIds) ?? []).Select(id => new FolderReference.ById(new EwsId(id, null)));
        FolderReference[] folders = [.. named, .. byId];
        return new SubscribeRequest(
            kind,
            allFolders,
            folders.Length == 0 && !allFolders ? [new FolderReference.Distinguished("inbox", mailbox)] : folders,
            EventOption.Read(parsed.GetValue(_events)),
            parsed.GetValue(_watermark),
            kind == SubscriptionKind.Pull ? parsed.GetValue(_timeout) : null,
            kind == SubscriptionKind.Push ? parsed.GetValue(_statusFrequency) : null,
            kind == SubscriptionKind.Push ? $"mailto:{session.From}" : null);
    }

    private SubscriptionKind Kind(ParseResult parsed) => parsed.GetValue(_kind) ?? SubscriptionKind.Push;

    private static string Next(SubscriptionKind kind, EwsSubscribed ticket) => kind switch
    {
        SubscriptionKind.Push => "Next: relay-client listen",
        SubscriptionKind.Pull => $"Next: relay-client get-events {ticket.SubscriptionId} {ticket.Watermark}",
        _ => $"Next: relay-client stream {ticket.SubscriptionId}",
    };
}
