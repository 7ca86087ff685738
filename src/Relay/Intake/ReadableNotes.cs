using System.Text;
using System.Xml.Linq;
using Relay.Operations;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>What an answer says, for the person whose mail program sent the request: beside the envelope, which is for programs.</summary>
internal static class ReadableNotes
{
    private const string Ending = "\nThe same stands in the other part of this mail in XML, for programs.\n";

    /// <summary>A person reads no more of one value, nor of all; programs have the rest.</summary>
    private const int LongestValue = 2000;

    private const int LongestText = 50_000;

    /// <param name="answer">A response or a fault.</param>
    /// <param name="envelope">As it is mailed: the note tells nothing but what stands there.</param>
    public static string For(OperationAnswer answer, ReadOnlyMemory<byte> envelope) =>
        (answer is OperationAnswer.Fault { Value: var fault } ? Fault(fault) : Response(Body(envelope))) + Ending;

    private static string Fault(SoapFault fault) =>
        $"Your request was not carried out. {fault.Reason}\n"
        + (fault.Code is SoapFaultCode.Server ? "The fault is not yours; the operator knows of it.\n" : "Please mend it and send it again.\n");

    private static XElement Body(ReadOnlyMemory<byte> envelope) =>
        SafeXml.Load(envelope).Elements().Last(child => child.Name.LocalName == "Body").Elements().First();

    private static string Response(XElement response)
    {
        // Of several things asked for, some may have been refused: then all of it is listed.
        var messages = response.Descendants().Where(element => element.Attribute("ResponseClass") is not null).ToList();
        if (messages is [var error, ..] && messages.TrueForAll(IsError))
        {
            return $"Your request was refused: {Value(error, "MessageText")} ({Value(error, "ResponseCode")})\n";
        }

        return response.Name.LocalName switch
        {
            "getMonthResponse" => response.Value + "\n",
            "SubscribeResponse" => $"You are subscribed. Unsubscribe and GetEvents need these:\n\n{Leaves(response)}",
            "UnsubscribeResponse" => "The subscription has ended; nothing more is mailed for it.\n",
            "GetEventsResponse" => Events(response),
            var name => $"{name}:\n\n{Leaves(response)}",
        };
    }

    private static string Events(XElement response)
    {
        var events = response.Descendants().Where(element => element.Name.LocalName.EndsWith("Event", StringComparison.Ordinal)).ToList();
        string more = Value(response, "MoreEvents") == "true" ? "There are more: ask again from the last watermark.\n" : "There are no more for now.\n";
        return events.TrueForAll(item => item.Name.LocalName == "StatusEvent")
            ? "Nothing has happened since.\n"
            : $"{string.Join("\n", events.Select(item => $"{item.Name.LocalName[..^"Event".Length]}:\n{Leaves(item)}"))}\n{more}";
    }

    /// <summary>A line for each value; an id in an attribute is a value too.</summary>
    private static string Leaves(XElement element)
    {
        var text = new StringBuilder();
        foreach (var leaf in element.DescendantsAndSelf().Where(child => !child.HasElements && child.Name.LocalName != "ResponseCode"))
        {
            string value = leaf.Value.Length > 0 ? leaf.Value : leaf.Attribute("Id")?.Value ?? "";
            value = value.Length <= LongestValue ? value : $"({value.Length} characters)";
            if (text.Length > LongestText)
            {
                text.Append("  …\n");
                break;
            }

            text.Append("  ").Append(leaf.Name.LocalName).Append(": ").Append(value).Append('\n');
        }

        return text.ToString();
    }

    private static bool IsError(XElement element) => element.Attribute("ResponseClass")?.Value == "Error";

    private static string Value(XElement element, string localName) =>
        element.Descendants().FirstOrDefault(child => child.Name.LocalName == localName)?.Value ?? "";
}
