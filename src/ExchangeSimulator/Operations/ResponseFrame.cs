using System.Xml;
using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>The frame that all responses have: one message for each thing asked for.</summary>
internal static class ResponseFrame
{
    private static readonly XNamespace M = EwsNames.Messages;

    public static OperationResult Of(string operation, params IEnumerable<XElement> messages) => new OperationResult.Response(new XElement(
        M + (operation + "Response"),
        new XAttribute(XNamespace.Xmlns + "m", EwsNames.MessagesUri),
        new XAttribute(XNamespace.Xmlns + "t", EwsNames.TypesUri),
        new XElement(M + "ResponseMessages", messages)));

    public static XElement Success(string operation, params object?[] content) => new(M + (operation + "ResponseMessage"),
        new XAttribute("ResponseClass", "Success"), new XElement(M + "ResponseCode", "NoError"), content);

    public static XElement Error(string operation, EwsError error, params object?[] content) => new(M + (operation + "ResponseMessage"),
        new XAttribute("ResponseClass", "Error"),
        new XElement(M + "MessageText", error.MessageText),
        new XElement(M + "ResponseCode", error.ResponseCode),
        new XElement(M + "DescriptiveLinkKey", "0"),
        content);

    /// <summary>A body that a writer of the wire library writes.</summary>
    public static XElement Written(Action<XmlWriter> write)
    {
        var document = new XDocument();
        using (var writer = document.CreateWriter())
        {
            write(writer);
        }

        return document.Root!;
    }

    public static XElement Id(string name, EwsId id) => new(EwsNames.Types + name,
        new XAttribute("Id", id.Id), id.ChangeKey is null ? null : new XAttribute("ChangeKey", id.ChangeKey));
}
