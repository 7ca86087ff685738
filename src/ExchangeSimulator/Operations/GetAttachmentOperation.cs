using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

internal sealed class GetAttachmentOperation : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;

    public string Name => "GetAttachment";

    public OperationResult Run(OperationContext context, XElement request) => ResponseFrame.Of(
        Name,
        (request.Element(M + "AttachmentIds")?.Elements() ?? []).Select(id =>
            AttachmentIds.Find(context.Database, id.Attribute("Id")?.Value ?? "") is { } attachment
                ? ResponseFrame.Success(Name, new XElement(M + "Attachments", attachment))
                : ResponseFrame.Error(Name, EwsErrors.ItemNotFound, new XElement(M + "Attachments"))).ToArray());
}
