using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>The addressing headers of a message (WS-Addressing 1.0, and the submission of August 2004).</summary>
public sealed record WsAddressing
{
    /// <summary>The namespace of WS-Addressing 1.0.</summary>
    public static XNamespace Namespace2005 { get; } = "http://www.w3.org/2005/08/addressing";

    /// <summary>The namespace of the submission of August 2004.</summary>
    public static XNamespace Namespace2004 { get; } = "http://schemas.xmlsoap.org/ws/2004/08/addressing";

    /// <summary>The address of whoever the binding would answer.</summary>
    public const string Anonymous = "http://www.w3.org/2005/08/addressing/anonymous";

    /// <summary>The same in the submission of 2004.</summary>
    public const string Anonymous2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";

    /// <summary>The address of nobody: what is sent there is thrown away.</summary>
    public const string None = "http://www.w3.org/2005/08/addressing/none";

    /// <summary>The action of faults that SOAP itself defines.</summary>
    public const string SoapFaultAction = "http://www.w3.org/2005/08/addressing/soap/fault";

    // Texts longer than this are not taken over into answers.
    private const int MaxText = 2048;

    /// <summary>The namespace the message uses; null when it has no addressing header.</summary>
    public XNamespace? Namespace { get; init; }

    /// <summary>wsa:MessageID.</summary>
    public string? MessageId { get; init; }

    /// <summary>wsa:Action.</summary>
    public string? Action { get; init; }

    /// <summary>wsa:To.</summary>
    public string? To { get; init; }

    /// <summary>wsa:RelatesTo.</summary>
    public string? RelatesTo { get; init; }

    /// <summary>wsa:ReplyTo.</summary>
    public EndpointReference? ReplyTo { get; init; }

    /// <summary>wsa:FaultTo.</summary>
    public EndpointReference? FaultTo { get; init; }

    /// <summary>Why the headers cannot be obeyed, or null: one stands twice, or an endpoint has no address.</summary>
    public SoapFault? Fault { get; private init; }

    /// <summary>Reads the blocks of whichever edition comes first.</summary>
    public static WsAddressing Read(IReadOnlyList<XElement> headers)
    {
        var ns = headers.Select(block => block.Name.Namespace).FirstOrDefault(n => n == Namespace2005 || n == Namespace2004);
        return ns is null
            ? new WsAddressing()
            : new WsAddressing
            {
                Namespace = ns,
                MessageId = Text(headers, ns + "MessageID"),
                Action = Text(headers, ns + "Action"),
                To = Text(headers, ns + "To"),
                RelatesTo = Text(headers, ns + "RelatesTo"),
                ReplyTo = Endpoint(headers, ns + "ReplyTo"),
                FaultTo = Endpoint(headers, ns + "FaultTo"),
                Fault = Check(headers, ns),
            };
    }

    /// <summary>Where a fault is wanted: FaultTo, else ReplyTo (WS-Addressing 1.0 Core §3.4).</summary>
    public EndpointReference? FaultTarget => FaultTo ?? ReplyTo;

    /// <summary>Why the message contradicts itself, or null.</summary>
    /// <param name="declaredAction">What <c>action=</c> or SOAPAction said; null or empty says nothing.</param>
    // WS-Addressing 1.0 SOAP Binding §4.2: a SOAPAction is empty or says what wsa:Action says.
    public SoapFault? ActionConflict(string? declaredAction) =>
        string.IsNullOrEmpty(declaredAction) || Action is null || Action == declaredAction
            ? null
            : Invalid("The action in the mail and the wsa:Action in the envelope differ.", "ActionMismatch");

    private static SoapFault Invalid(string reason, string subsubcode) => new(SoapFaultCode.Client, reason)
    {
        Subcode = Namespace2005 + "InvalidAddressingHeader",
        Subsubcode = Namespace2005 + subsubcode,
    };

    /// <summary>The header blocks of an answer; none when the request had no addressing headers.</summary>
    /// <param name="action">The answer's own action, or null to leave it out.</param>
    /// <param name="messageId">The answer's own wsa:MessageID, or null.</param>
    /// <param name="isFault">Whether the answer is a fault and so goes to FaultTo.</param>
    public IReadOnlyList<XElement> AnswerHeaders(string? action, string? messageId, bool isFault = false)
    {
        if (Namespace is not { } ns)
        {
            return [];
        }

        var target = isFault ? FaultTarget : ReplyTo;
        var headers = new List<XElement>();
        Add(headers, ns + "To", target is { IsAnonymous: false } ? target.Address : null);
        Add(headers, ns + "Action", action);
        Add(headers, ns + "MessageID", messageId);
        Add(headers, ns + "RelatesTo", MessageId);

        // WS-Addressing 1.0 SOAP Binding §3.3: every reference parameter comes back as a header, marked as one.
        foreach (var parameter in target?.ReferenceParameters ?? [])
        {
            var copy = new XElement(parameter);
            if (ns == Namespace2005)
            {
                copy.SetAttributeValue(ns + "IsReferenceParameter", "true");
            }

            headers.Add(copy);
        }

        return headers;
    }

    // WS-Addressing 1.0 Core §3.2 has each of these once at most; RelatesTo may repeat.
    private static SoapFault? Check(IReadOnlyList<XElement> headers, XNamespace ns)
    {
        string[] once = ["To", "Action", "MessageID", "ReplyTo", "FaultTo"];
        if (once.Any(name => headers.Count(block => block.Name == ns + name) > 1))
        {
            return Invalid("An addressing header stands more than once.", "InvalidCardinality");
        }

        return headers.Any(block => (block.Name == ns + "ReplyTo" || block.Name == ns + "FaultTo") && block.Element(ns + "Address") is null)
            ? Invalid("An addressing header has no Address.", "MissingAddressInEPR")
            : null;
    }

    private static void Add(List<XElement> headers, XName name, string? value)
    {
        if (value is not null)
        {
            headers.Add(new XElement(name, new XAttribute(XNamespace.Xmlns + "wsa", name.NamespaceName), value));
        }
    }

    private static string? Text(IReadOnlyList<XElement> headers, XName name) =>
        headers.FirstOrDefault(block => block.Name == name)?.Value.Trim() is { Length: > 0 and <= MaxText } text ? text : null;

    private static EndpointReference? Endpoint(IReadOnlyList<XElement> headers, XName name)
    {
        var ns = name.Namespace;
        if (headers.FirstOrDefault(block => block.Name == name) is not { } block
            || block.Element(ns + "Address")?.Value.Trim() is not { Length: > 0 and <= MaxText } address)
        {
            return null;
        }

        var parameters = block.Elements(ns + "ReferenceParameters").Concat(block.Elements(ns + "ReferenceProperties"));
        return new EndpointReference(address, [.. parameters.Elements()]);
    }
}
