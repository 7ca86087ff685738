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
            // Nothing tells which item an attachment belongs to. Acting as the owner, Exchange judges; else the account might see too much.
            "GetAttachment" when !options.Impersonate => new PassedReply.Refused(EwsErrors.AccessDenied),
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

        response.Element(M + "ResponseMessages")!.ReplaceNodes(errors.Select(error => error is null ? told.Dequeue() : ErrorMessage(error)));
        return new PassedReply.Answered(response);
    }

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

    private static XElement ErrorMessage(EwsError error) => new(
        M + "GetItemResponseMessage",
        new XAttribute("ResponseClass", "Error"),
        new XElement(M + "MessageText", error.MessageText),
        new XElement(M + "ResponseCode", error.ResponseCode),
        new XElement(M + "DescriptiveLinkKey", 0),
        new XElement(M + "Items"));

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
