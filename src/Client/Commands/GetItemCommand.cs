using System.CommandLine;
using System.Text.Json.Nodes;
using Relay.Client.Services;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;

namespace Relay.Client.Commands;

/// <summary><c>get-item</c>: fetches what an event was about.</summary>
internal sealed class GetItemCommand
{
    private readonly Argument<string> _item = new("ITEM") { Description = "The item's id, as an event tells it" };
    private readonly Option<MailAddress?> _mailbox = AddressOption.Create("--mailbox", "Whose item it is");
    private readonly Option<string?> _mime = new("--mime")
    {
        Description = "Writes the item to a file, as the mail that it was",
        HelpName = "FILE",
    };

    public static Command Create(SessionOpener sessions)
    {
        var parts = new GetItemCommand();
        var command = new Command("get-item", "Fetches an item of a mailbox, if the relay lets us") { parts._item, parts._mailbox, parts._mime };
        sessions.SetAsking(command, (parsed, session, cancellationToken) => parts.FetchAsync(parsed, session, cancellationToken));
        return command;
    }

    private async Task<int> FetchAsync(ParseResult parsed, Session session, CancellationToken cancellationToken)
    {
        string? file = parsed.GetValue(_mime);
        var result = await session.Ews.GetItemsAsync(
            [parsed.GetRequiredValue(_item)], file is not null, parsed.GetValue(_mailbox)?.ToString(), cancellationToken);
        if (result is not ServiceResult<IReadOnlyList<EwsResult<EwsItem>>>.Success { Value: var items })
        {
            return session.End(result);
        }
        switch (items)
        {
            case [EwsResult<EwsItem>.Success { Value: var item }]:
                return file is null || await WriteAsync(file, item, cancellationToken)
                    ? session.Done(Text(item), Json(item))
                    : session.Reporter.Failure("The answer holds no mail; there is nothing to write.");
            case [EwsResult<EwsItem>.Error { Problem: var problem }]:
                return session.Reporter.Failure(Sentences.Of(problem));
            default:
                return session.Reporter.Failure("The answer does not tell of one item.");
        }
    }

    private static async Task<bool> WriteAsync(string file, EwsItem item, CancellationToken cancellationToken)
    {
        byte[] octets = new byte[item.MimeContent?.Length ?? 0];
        if (item.MimeContent is null || !Convert.TryFromBase64String(item.MimeContent, octets, out int length))
        {
            return false;
        }
        await File.WriteAllBytesAsync(file, octets[..length], cancellationToken);
        return true;
    }

    private static string Text(EwsItem item) => string.Join(
        Environment.NewLine,
        new (string Name, string? Value)[]
        {
            ("Subject", item.Subject), ("From", item.From), ("Received", Time(item)), ("Message-ID", item.InternetMessageId),
        }.Where(field => field.Value is not null).Select(field => $"{field.Name}: {field.Value}"));

    private static JsonObject Json(EwsItem item) => new()
    {
        ["id"] = item.Id.Id,
        ["kind"] = item.Kind,
        ["subject"] = item.Subject,
        ["from"] = item.From,
        ["received"] = Time(item),
        ["messageId"] = item.InternetMessageId,
        ["isRead"] = item.IsRead,
    };

    private static string? Time(EwsItem item) =>
        item.Received?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
