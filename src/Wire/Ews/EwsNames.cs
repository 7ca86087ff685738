using System.Xml.Linq;

namespace Relay.Wire.Ews;

/// <summary>The namespaces of Exchange Web Services; all of them begin with <c>http:</c>, whatever a sample page says.</summary>
public static class EwsNames
{
    /// <summary>SOAP 1.1, the only version that Exchange speaks.</summary>
    public const string SoapUri = "http://schemas.xmlsoap.org/soap/envelope/";

    /// <summary>Operations, responses and their frames; written with the prefix <c>m</c>.</summary>
    public const string MessagesUri = "http://schemas.microsoft.com/exchange/services/2006/messages";

    /// <summary>Headers, ids and events; written with the prefix <c>t</c>.</summary>
    public const string TypesUri = "http://schemas.microsoft.com/exchange/services/2006/types";

    /// <summary>Only inside the detail of a SOAP fault; written with the prefix <c>e</c>.</summary>
    public const string ErrorsUri = "http://schemas.microsoft.com/exchange/services/2006/errors";

    /// <inheritdoc cref="SoapUri"/>
    public static XNamespace Soap => SoapUri;

    /// <inheritdoc cref="MessagesUri"/>
    public static XNamespace Messages => MessagesUri;

    /// <inheritdoc cref="TypesUri"/>
    public static XNamespace Types => TypesUri;

    /// <inheritdoc cref="ErrorsUri"/>
    public static XNamespace Errors => ErrorsUri;
}
