using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>ConvertId, as far as exchangelib needs it: its first request is one with an id of nobody, to learn the server's version.</summary>
internal sealed class ConvertIdOperation : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    public string Name => "ConvertId";

    public OperationResult Run(OperationContext context, XElement request) => ResponseFrame.Of(
        Name, (request.Element(M + "SourceIds")?.Elements() ?? []).Select(source => Convert(context, request, source)).ToArray());

    private XElement Convert(OperationContext context, XElement request, XElement source)
    {
        var id = source.Attribute("Id")?.Value ?? "";
        var format = request.Attribute("DestinationFormat")?.Value;
        if (!context.Database.TryItem(id, out _) && !context.Database.TryFolder(id, out _))
        {
            return ResponseFrame.Error(Name, EwsErrors.InvalidIdMalformed);
        }

        // There is one form of id here, which stands for all of them.
        return ResponseFrame.Success(Name, new XElement(M + "AlternateId",
            new XAttribute(Xsi + "type", "t:AlternateIdType"),
            new XAttribute("Format", format ?? "EwsId"),
            new XAttribute("Id", id),
            new XAttribute("Mailbox", source.Attribute("Mailbox")?.Value ?? "")));
    }
}
