using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Operations;

/// <summary>
/// Requests that fail as a whole. The fault's code is Client, as the sender can mend the request; Exchange's own code stands in the detail
/// in the form that EWS clients read it from.
/// </summary>
internal static class EwsFaults
{
    private const int LongestText = 500;

    public static SoapFault SchemaViolation(SchemaViolation violation)
    {
        string text = Bounded(violation.Message);
        return new SoapFault(SoapFaultCode.Client, $"The request failed schema validation: {text}")
        {
            Subcode = EwsNames.Types + "ErrorSchemaValidation",
            Detail = Detail(
                "ErrorSchemaValidation",
                "The request failed schema validation.",
                new XElement(
                    EwsNames.Types + "MessageXml",
                    new XElement(EwsNames.Types + "LineNumber", violation.Line),
                    new XElement(EwsNames.Types + "LinePosition", violation.Position),
                    new XElement(EwsNames.Types + "Violation", text))),
        };
    }

    /// <summary>Exchange's own code and text, for what concerns the whole request.</summary>
    public static SoapFault Of(EwsError error) =>
        new(SoapFaultCode.Client, error.MessageText) { Subcode = EwsNames.Types + error.ResponseCode, Detail = Detail(error.ResponseCode, error.MessageText) };

    /// <summary>No operation of the service has this name.</summary>
    public static SoapFault UnknownOperation(string name, IEnumerable<string> known) => InvalidRequest() with
    {
        Reason = $"The request is invalid. {Bounded(name)} is not an operation of this service; these are: {string.Join(", ", known)}.",
    };

    public static SoapFault InvalidRequest() =>
        new(SoapFaultCode.Client, "The request is invalid.") { Detail = Detail("ErrorInvalidRequest", "The request is invalid.") };

    public static SoapFault AccessDenied(string sentence) =>
        new(SoapFaultCode.Client, sentence)
        {
            Subcode = EwsNames.Types + "ErrorAccessDenied",
            Detail = Detail("ErrorAccessDenied", "Access is denied. Check credentials and try again."),
        };

    private static XElement Detail(string responseCode, string message, XElement? messageXml = null) => new(
        "detail",
        new XElement(EwsNames.Errors + "ResponseCode", responseCode),
        new XElement(EwsNames.Errors + "Message", message),
        messageXml);

    private static string Bounded(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
