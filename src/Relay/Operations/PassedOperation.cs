using System.Xml.Linq;
using Relay.Access;
using Relay.Exchange;
using Relay.Store;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Operations;

/// <summary>
/// An operation of Exchange's that tells what is in a mailbox: GetItem, GetFolder, FindItem, SyncFolderItems, GetAttachment. 1 The request is held against the
/// schema; 2 which mailbox; 3 the body is passed on under a header of our own, nothing of the requester's header with it; 4 the answer is told as it came.
/// </summary>
internal sealed class PassedOperation(string name, IMailboxAccess exchange, IdSource ids, PassedSlots slots) : IOperation
{
    // A handler waits as long; the request itself waits in the spool and is tried again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public ServiceKind Service => ServiceKind.Ews;

    public string Name => name;

    public bool ChangesState => false;

    public bool Handles(XName body) => body == M + Name;

    public async Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        if (EwsHeaders.Fault(request) is { } fault) // 1
        {
            return new OperationPlan.Fault(fault);
        }

        var named = EwsRequestReader.ReadFolders(request.Body.Elements().FirstOrDefault(child => child.Name.LocalName is "FolderIds" or "ParentFolderIds" or "SyncFolderId"));
        return MailboxChoice.Choose(request, named) switch // 2
        {
            MailboxChoice.Chosen chosen => await AskAsync(request, chosen.Mailbox, cancellationToken),
            MailboxChoice.Refused { Error: var error } when error == EwsErrors.AccessDenied => OperationPlan.Answer(Error(request.Body, error)),
            _ => new OperationPlan.Fault(EwsFaults.InvalidRequest() with { Reason = "The request is invalid. Its folders are of two mailboxes." }),
        };
    }

    private async Task<OperationPlan> AskAsync(OperationRequest request, string mailbox, CancellationToken cancellationToken)
    {
        using var slot = slots.TryTake(request.Principal.Name);
        if (slot is null)
        {
            return new OperationPlan.TryLater("many requests for what is in mailboxes are under way", Error(request.Body, EwsErrors.ServerBusy));
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(LongestWait);
        try
        {
            return await exchange.AskAsync(mailbox, request.Body, bound.Token) switch // 3
            {
                PassedReply.Answered { Response: var response } => OperationPlan.Answer(Told(response)), // 4
                PassedReply.Refused { Error: { IsFault: true } error } => new OperationPlan.Fault(EwsFaults.Of(error)),
                PassedReply.Refused { Error: var error } => OperationPlan.Answer(Error(request.Body, error)),
                PassedReply.Unavailable { Reason: var reason } => new OperationPlan.TryLater(reason, Error(request.Body, EwsErrors.ServerBusy)),
                _ => throw new InvalidOperationException("The cases of PassedReply are closed."),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new OperationPlan.TryLater("Exchange does not answer in time", Error(request.Body, EwsErrors.ServerBusy));
        }
    }

    private OperationAnswer.Response Told(XElement response)
    {
        var parts = XopPackage.Extract(
            response, element => element.Name == T + "MimeContent" || element.Name == T + "Content", exchange.PartsAbove, ids.NewUnique());
        var codes = response.Descendants(M + "ResponseCode").Select(code => code.Value).Distinct().Take(3);
        return new OperationAnswer.Response(response.WriteTo, $"{Name}: {string.Join(", ", codes)}") { Parts = parts };
    }

    // One message for each thing asked for, as clients expect it; the schema wants some of them to hold an empty list.
    private OperationAnswer.Response Error(XElement body, EwsError error)
    {
        string? list = Name switch
        {
            "GetItem" => "Items",
            "GetFolder" => "Folders",
            "GetAttachment" => "Attachments",
            _ => null,
        };
        var asked = body.Elements().FirstOrDefault(child => child.Name.LocalName is "ItemIds" or "FolderIds" or "ParentFolderIds" or "AttachmentIds");
        var response = new XElement(
            M + (Name + "Response"),
            new XAttribute(XNamespace.Xmlns + "m", M),
            new XElement(M + "ResponseMessages", Enumerable.Repeat(0, Math.Max(1, asked?.Elements().Count() ?? 1)).Select(_ => new XElement(
                M + (Name + "ResponseMessage"),
                new XAttribute("ResponseClass", "Error"),
                new XElement(M + "MessageText", error.MessageText),
                new XElement(M + "ResponseCode", error.ResponseCode),
                new XElement(M + "DescriptiveLinkKey", 0),
                list is null ? null : new XElement(M + list)))));
        return new OperationAnswer.Response(response.WriteTo, $"{Name}: {error.ResponseCode}");
    }
}
