using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class CreateItemOperation(MailboxActions actions, MailTransport transport) : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;

    public string Name => "CreateItem";

    public OperationResult Run(OperationContext context, XElement request) => ResponseFrame.Of(
        Name, (request.Element(M + "Items")?.Elements() ?? []).Select(item => Create(context, request, item)).ToArray());

    private XElement Create(OperationContext context, XElement request, XElement content)
    {
        var kind = content.Name.LocalName;
        if (!ItemSchema.IsKnown(kind))
        {
            return Failed(new EwsError("ErrorInvalidOperation", "The simulator does not hold items of this kind."));
        }

        var disposition = request.Attribute("MessageDisposition")?.Value ?? "SaveOnly";
        if (Target(context, request, kind, disposition, out var error) is not { } folder)
        {
            return Failed(error!);
        }

        if (kind == "Message" && disposition != "SaveOnly")
        {
            // What is sent has no id to tell: the copy is made on its own.
            transport.Send(context, folder.Mailbox, content);
            if (disposition == "SendAndSaveCopy")
            {
                transport.SaveCopy(folder, folder.Mailbox, content);
            }

            return ResponseFrame.Success(Name, new XElement(M + "Items"));
        }

        var created = actions.Create(folder, content, isDraft: kind == "Message" && folder.DistinguishedName == "drafts");
        if (kind == "CalendarItem" && request.Attribute("SendMeetingInvitations")?.Value is "SendOnlyToAll" or "SendToAllAndSaveCopy")
        {
            transport.Send(context, folder.Mailbox, content);
        }

        return ResponseFrame.Success(Name, new XElement(M + "Items", ItemShape.IdOnly.Render(created)));
    }

    private static SimulatedFolder? Target(OperationContext context, XElement request, string kind, string disposition, out EwsError? error)
    {
        var named = EwsRequestReader.ReadFolder(request.Element(M + "SavedItemFolderId"));
        return context.Resolve(named ?? new FolderReference.Distinguished(kind switch
        {
            "CalendarItem" => "calendar",
            "Contact" => "contacts",
            "Task" => "tasks",
            _ => disposition == "SaveOnly" ? "drafts" : "sentitems",
        }), out error);
    }

    private XElement Failed(EwsError error) => ResponseFrame.Error(Name, error, new XElement(M + "Items"));
}
