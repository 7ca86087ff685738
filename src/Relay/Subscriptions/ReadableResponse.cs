using System.Text;
using System.Xml.Linq;
using Relay.Wire.Soap;

namespace Relay.Subscriptions;

/// <summary>What a response says, for the person whose mail program sent the request: beside the envelope, which is for programs.</summary>
internal static class ReadableResponse
{
    /// <summary>Where the rest stands.</summary>
    public const string Ending = "\nThe same stands in the other part of this mail in XML, for programs.\n";

    /// <summary>A person reads no more of one value, nor of all; programs have the rest.</summary>
    private const int LongestValue = 2000;

    private const int LongestText = 50_000;

    /// <param name="envelope">As it is mailed: the text tells nothing but what stands there.</param>
    public static string Of(ReadOnlyMemory<byte> envelope) => Response(Body(envelope)) + Ending;

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
            "GetStreamingEventsResponse" => Streamed(response),
            var name => $"{name}:\n\n{Leaves(response)}",
        };
    }

    private static string Events(XElement response)
    {
        string more = Value(response, "MoreEvents") == "true" ? "There are more: ask again from the last watermark.\n" : "There are no more for now.\n";
        return List(response) is { Length: > 0 } events ? $"{events}\n{more}" : "Nothing has happened since.\n";
    }

    private static string Streamed(XElement response) => (List(response), Value(response, "ConnectionStatus")) switch
    {
        ({ Length: > 0 } events, _) => events,
        (_, "Closed") => "The stream is closed: its time is over. Send GetStreamingEvents again for what comes next.\n",
        _ => "The stream is open. What happens from now on comes in mails like this one.\n",
    };

    private static string List(XElement response) => string.Join("\n", response.Descendants()
        .Where(element => element.Name.LocalName is not "StatusEvent" and var name && name.EndsWith("Event", StringComparison.Ordinal))
        .Select(item => $"{item.Name.LocalName[..^"Event".Length]}:\n{Leaves(item)}"));

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
