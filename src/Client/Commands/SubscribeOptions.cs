using System.CommandLine;
using System.CommandLine.Parsing;
using Relay.Wire.Ews;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Client.Commands;

/// <summary>The options of <c>subscribe</c> that say what is watched and how its events come.</summary>
internal sealed class SubscribeOptions
{
    private readonly Option<MailAddress?> _mailbox = AddressOption.Create("--mailbox", "Whose mailbox");
    private readonly Option<string[]> _folders = new("--folder")
    {
        Description = "A folder by its fixed name: inbox, calendar, sentitems … (default: inbox); may be repeated",
        HelpName = "NAME",
    };
    private readonly Option<string[]> _folderIds = new("--folder-id")
    {
        Description = "A folder by its id; may be repeated",
        HelpName = "ID",
    };
    private readonly Option<bool> _allFolders = new("--all-folders") { Description = "Every folder of the mailbox" };
    private readonly Option<string[]> _events = EventOption.Create();
    private readonly Option<SubscriptionKind?> _kind = new("--kind")
    {
        Description = "push: events come by mail; pull: fetch them with get-events; streaming: fetch them with stream (default: push)",
        HelpName = "push|pull|streaming",
        CustomParser = ParseKind,
    };
    private readonly Option<int> _timeout =
        MinutesOption("--timeout", "pull: idle minutes after which the subscription ends", 1440);
    private readonly Option<int> _statusFrequency =
        MinutesOption("--status-frequency", "push: minutes without events after which a heartbeat comes", 60);
    private readonly Option<string?> _watermark = new("--watermark")
    {
        Description = "Begin after this event instead of now",
        HelpName = "WATERMARK",
    };

    public void AddTo(Command command)
    {
        _mailbox.Required = true;
        foreach (Option option in new Option[]
        {
            _mailbox, _folders, _folderIds, _allFolders, _events, _kind, _timeout, _statusFrequency, _watermark,
        })
        {
            command.Options.Add(option);
        }
    }

    public string Mailbox(ParseResult parsed) => parsed.GetRequiredValue(_mailbox)!.ToString();

    /// <param name="parsed">The command line.</param>
    /// <param name="subscriber">Where push notifications go.</param>
    public SubscribeRequest Request(ParseResult parsed, MailAddress subscriber)
    {
        SubscriptionKind kind = parsed.GetValue(_kind) ?? SubscriptionKind.Push;
        bool allFolders = parsed.GetValue(_allFolders);
        string mailbox = Mailbox(parsed);
        FolderReference[] folders =
        [
            .. (parsed.GetValue(_folders) ?? []).Select(name => new FolderReference.Distinguished(name, mailbox)),
            .. (parsed.GetValue(_folderIds) ?? []).Select(id => new FolderReference.ById(new EwsId(id, null))),
        ];
        return new SubscribeRequest(
            kind,
            allFolders,
            folders.Length == 0 && !allFolders ? [new FolderReference.Distinguished("inbox", mailbox)] : folders,
            EventOption.Read(parsed.GetValue(_events)),
            parsed.GetValue(_watermark),
            kind == SubscriptionKind.Pull ? parsed.GetValue(_timeout) : null,
            kind == SubscriptionKind.Push ? parsed.GetValue(_statusFrequency) : null,
            kind == SubscriptionKind.Push ? MailtoUri.Format(subscriber) : null);
    }

    private static Option<int> MinutesOption(string name, string description, int standard)
    {
        var option = new Option<int>(name)
        {
            Description = $"{description}, 1 to 1440",
            HelpName = "MINUTES",
            DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(Ranges.Between(1, 1440));
        return option;
    }

    private static SubscriptionKind? ParseKind(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Enum.TryParse(text, ignoreCase: true, out SubscriptionKind kind) && !char.IsDigit(text[0]))
        {
            return kind;
        }
        result.AddError($"'{text}' is no kind of subscription: take push, pull or streaming.");
        return null;
    }
}
