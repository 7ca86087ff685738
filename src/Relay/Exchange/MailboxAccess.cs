using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <inheritdoc cref="IMailboxAccess"/>
internal sealed class MailboxAccess(EwsClient ews, ExchangeOptions options) : IMailboxAccess
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    private const int MostFolders = 100;

    /// <summary>What everybody shares, whatever mailbox stands beside its name.</summary>
    private static readonly string[] NotOfMailboxes = ["publicfoldersroot", "directory"];

    public int PartsAbove => options.PartsAbove;

    public async Task<PassedReply> AskAsync(string mailbox, XElement request, CancellationToken cancellationToken)
    {
        var passed = new XElement(request);
        NameMailbox(passed, mailbox);
        if (passed.Descendants(T + "DistinguishedFolderId").Any(folder => NotOfMailboxes.Contains(Id(folder).Id)))
        {
            return new PassedReply.Refused(EwsErrors.AccessDenied);
        }

        var folders = passed.Descendants(T + "FolderId").Select(Id).ToList();
        if (folders.Count > MostFolders) // also where the schema leaves the content open
        {
            return new PassedReply.Refused(EwsErrors.DataSizeLimitExceeded);
        }

        if (folders.Count > 0 && Failure(await new FolderOwnership(ews, mailbox).CheckAsync(folders, cancellationToken)) is { } foreign)
        {
            return foreign;
        }

        return request.Name.LocalName switch
        {
            "GetItem" => await GetItemsAsync(mailbox, passed, cancellationToken),
            "GetAttachment" => await GetAttachmentsAsync(mailbox, passed, cancellationToken),
            _ => await PassAsync(mailbox, passed, cancellationToken),
        };
    }

    // Only ids that are known to be of the mailbox are passed on; the answers for the others stand at their places.
    private async Task<PassedReply> GetItemsAsync(string mailbox, XElement request, CancellationToken cancellationToken)
    {
        var ids = request.Element(M + "ItemIds")!;
        var asked = ids.Elements().ToList();
        var check = await new ItemOwnership(ews, mailbox).CheckAsync([.. asked.Select(id => Id(id).Id)], cancellationToken);
        if (check is not EwsReply<IReadOnlyList<EwsError?>>.Success { Value: var errors })
        {
            return Unanswered(check);
        }

        asked.Where((_, index) => errors[index] is not null).ToList().ForEach(id => id.Remove());
        var told = new Queue<XElement>();
        XElement response = new(M + "GetItemResponse", new XElement(M + "ResponseMessages"));
        if (ids.HasElements)
        {
            var reply = await PassAsync(mailbox, request, cancellationToken);
            if (reply is not PassedReply.Answered answered)
            {
                return reply;
            }

            response = answered.Response;
            told = new Queue<XElement>(response.Element(M + "ResponseMessages")?.Elements() ?? []);
        }

        if (told.Count != errors.Count(error => error is null))
        {
            return new PassedReply.Unavailable("Exchange answered for another number of items.");
        }

        response.Element(M + "ResponseMessages")!.ReplaceNodes(errors.Select(error => error is null ? told.Dequeue() : ErrorMessage("GetItem", "Items", error)));
        return new PassedReply.Answered(response);
    }

    // What an attachment belongs to, at most the answer tells. Where it does not, Exchange's judgement counts if it acts as the owner; else the account might see too much.
    private async Task<PassedReply> GetAttachmentsAsync(string mailbox, XElement request, CancellationToken cancellationToken)
    {
        var reply = await PassAsync(mailbox, request, cancellationToken);
        if (reply is not PassedReply.Answered { Response: var response })
        {
            return reply;
        }

        var messages = response.Element(M + "ResponseMessages")?.Elements().Select(message => (Message: message, Roots: RootItems(message))).ToList() ?? [];
        List<string> named = [.. messages.SelectMany(message => message.Roots).OfType<string>().Distinct(StringComparer.Ordinal)];
        var errors = new Dictionary<string, EwsError?>(StringComparer.Ordinal);
        if (named.Count > 0)
        {
            var check = await new ItemOwnership(ews, mailbox).CheckAsync(named, cancellationToken);
            if (check is not EwsReply<IReadOnlyList<EwsError?>>.Success { Value: var judged })
            {
                return Unanswered(check);
            }

            errors = named.Zip(judged).ToDictionary(StringComparer.Ordinal);
        }

        foreach (var (message, roots) in messages)
        {
            if (roots.Select(root => root is null ? UnknownRoot() : errors[root]).FirstOrDefault(error => error is not null) is { } error)
            {
                message.ReplaceWith(ErrorMessage("GetAttachment", "Attachments", error));
            }
        }

        return reply;
    }

    private EwsError? UnknownRoot() => options.Impersonate ? null : EwsErrors.AccessDenied;

    /// <summary>The item behind each attachment of a message; null where it is not told.</summary>
    private static List<string?> RootItems(XElement message) =>
        [.. (message.Element(M + "Attachments")?.Elements() ?? []).Select(attachment => attachment.Element(T + "AttachmentId")?.Attribute("RootItemId")?.Value)];

    private async Task<PassedReply> PassAsync(string mailbox, XElement request, CancellationToken cancellationToken) =>
        await ews.PassAsync(mailbox, request, cancellationToken) switch
        {
            EwsReply<XElement>.Success { Value: var response } => new PassedReply.Answered(response),
            var other => Unanswered(other),
        };

    /// <summary>A distinguished folder is the one of this mailbox, also for an account that does not act for its owner.</summary>
    private static void NameMailbox(XElement request, string mailbox)
    {
        foreach (var folder in request.Descendants(T + "DistinguishedFolderId"))
        {
            folder.ReplaceNodes(new XElement(T + "Mailbox", new XElement(T + "EmailAddress", mailbox)));
        }
    }

    private static XElement ErrorMessage(string operation, string list, EwsError error) => new(
        M + (operation + "ResponseMessage"),
        new XAttribute("ResponseClass", "Error"),
        new XElement(M + "MessageText", error.MessageText),
        new XElement(M + "ResponseCode", error.ResponseCode),
        new XElement(M + "DescriptiveLinkKey", 0),
        new XElement(M + list));

    private static PassedReply? Failure(EwsReply<bool> check) => check is EwsReply<bool>.Success ? null : Unanswered(check);

    private static PassedReply Unanswered<T1>(EwsReply<T1> reply) => reply switch
    {
        EwsReply<T1>.Refused { Error: var error } => EwsErrorKinds.IsPassing(error.ResponseCode)
            ? new PassedReply.Unavailable($"Exchange answered {error.ResponseCode}: {error.MessageText}")
            : new PassedReply.Refused(error),
        EwsReply<T1>.NoAnswer none => new PassedReply.Unavailable(none.Reason),
        _ => throw new InvalidOperationException("A success has an answer."),
    };

    private static EwsId Id(XElement element) => new(element.Attribute("Id")?.Value ?? "");
}
