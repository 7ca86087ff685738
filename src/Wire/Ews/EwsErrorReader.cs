using System.Globalization;
using System.Xml.Linq;

namespace Relay.Wire.Ews;

/// <summary>Makes one kind of error of SOAP 1.1 faults, SOAP 1.2 faults and response messages.</summary>
internal static class EwsErrorReader
{
    /// <summary>Reads a fault; its code is the one in the detail, else the fault code without its prefix.</summary>
    public static EwsError Read(XElement fault)
    {
        var detail = fault.Child("detail") ?? fault.Child("Detail");
        var code = detail.ChildText("ResponseCode")
            ?? fault.ChildText("faultcode")
            ?? fault.Child("Code").Child("Subcode").ChildText("Value")
            ?? fault.Child("Code").ChildText("Value")
            ?? "";
        var text = detail.ChildText("Message") ?? fault.ChildText("faultstring") ?? fault.Child("Reason").ChildText("Text") ?? "";
        return WithValues(new EwsError(code[(code.LastIndexOf(':') + 1)..].Trim(), text) { IsFault = true }, detail);
    }

    /// <summary>Reads a response message of class Error. A code that nobody knows stays what it is.</summary>
    public static EwsError ReadMessage(XElement message) =>
        WithValues(new EwsError(message.ChildText("ResponseCode") ?? "", message.ChildText("MessageText") ?? ""), message);

    /// <summary>MessageXml is in three namespaces across versions and kinds of error; its values have names.</summary>
    private static EwsError WithValues(EwsError error, XElement? holder)
    {
        foreach (var value in holder.Child("MessageXml").Children("Value"))
        {
            var name = value.Attribute("Name")?.Value;
            if (name == "SubscriptionId")
            {
                error = error with { SubscriptionId = value.Value };
            }
            else if (name == "BackOffMilliseconds"
                && double.TryParse(value.Value, CultureInfo.InvariantCulture, out var milliseconds)
                && milliseconds is > 0 and < int.MaxValue)
            {
                error = error with { BackOff = TimeSpan.FromMilliseconds(milliseconds) };
            }
        }

        return error;
    }
}
