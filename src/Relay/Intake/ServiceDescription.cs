using System.Text;
using System.Xml;
using System.Xml.Linq;
using Relay.Access;
using Relay.Operations;
using Relay.Wire.Ews;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>The WSDL 1.1 of our services: document/literal, one port for each address, the schemas inside.</summary>
internal sealed class ServiceDescription(RecipientDirectory directory, OperationCatalog catalog)
{
    /// <summary>
    /// SOAP over SMTP: what guides and code generators call it beside soap/http. The only published binding (a draft of 2001 for SOAP 1.1) has a
    /// name of its own, http://schemas.pocketsoap.com/soap/smtp, which next to no program knows; the W3C's e-mail binding gives WSDL no name.
    /// </summary>
    public const string Transport = "http://schemas.xmlsoap.org/soap/smtp";

    private const string SendNotificationResult = "SendNotificationResult";
    private static readonly XNamespace Wsdl = "http://schemas.xmlsoap.org/wsdl/";
    private static readonly XNamespace Soap = "http://schemas.xmlsoap.org/wsdl/soap/";
    // SOAP::Lite sends every operation in this namespace, whatever its element: so at least our own are right.
    private static readonly XNamespace Target = RelayOperation.Namespace;
    private static readonly XNamespace Calendar = "urn:calendar";

    private static readonly (string Prefix, XNamespace Namespace)[] Prefixes =
    [
        ("wsdl", Wsdl), ("soap", Soap), ("r", Target), ("m", EwsNames.Messages), ("c", Calendar),
    ];

    /// <summary>The document in UTF-8.</summary>
    /// <param name="at">The address that was asked; it describes the services of its domain.</param>
    public byte[] Write(MailAddress at)
    {
        var portTypes = PortTypes(directory.ServicesNear(at.Domain));
        var definitions = new XElement(
            Wsdl + "definitions",
            new XAttribute("name", "Relay"),
            new XAttribute("targetNamespace", Target),
            Prefixes.Select(prefix => new XAttribute(XNamespace.Xmlns + prefix.Prefix, prefix.Namespace)),
            new XElement(Wsdl + "types", EwsPublishedSchema.Read(), Schema("relay.xsd"), Schema("calendar.xsd")),
            portTypes.SelectMany(type => type.Operations).SelectMany(Messages),
            portTypes.Select(PortType),
            portTypes.Select(Binding),
            new XElement(
                Wsdl + "service",
                new XAttribute("name", "RelayService"),
                Documentation("Requests and answers are mails. SOAP 1.2 is answered as well, in its own version."),
                portTypes.SelectMany(Ports)));
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\r\n" }))
        {
            definitions.WriteTo(writer);
        }

        return stream.ToArray();
    }

    private List<DescribedPortType> PortTypes(IReadOnlyList<ServiceAddress> services)
    {
        List<DescribedPortType> all =
        [
            new(
                "Notifications",
                "Exchange's notifications, and the relay's own operations. What is refused is answered with ResponseClass Error, under the name of the answer in"
                + " Exchange's messages namespace.",
                [.. OperationsOf(ServiceKind.Ews, EwsNames.Messages, RelayOperation.Namespace)],
                AddressesOf(ServiceKind.Ews)),
            new("Calendar", "Pages of the calendar.", [.. OperationsOf(ServiceKind.Calendar, Calendar)], AddressesOf(ServiceKind.Calendar)),
            new(
                "Subscriber",
                "What the client of a push subscription serves: notifications come to the address that it gave, and may be acknowledged by a reply.",
                [new("SendNotification", EwsNames.Messages + "SendNotification", EwsNames.Messages + SendNotificationResult)],
                []),
        ];
        return all;

        List<MailAddress> AddressesOf(ServiceKind kind) =>
            [.. services.Where(service => service.Kind == kind).Select(service => service.Address)];
    }

    private IEnumerable<DescribedOperation> OperationsOf(ServiceKind kind, params XNamespace[] namespaces) =>
        from name in catalog.NamesOf(kind)
        where name != SendNotificationResult
        from ns in namespaces.Where(ns => catalog.Find(kind, ns + name)?.Name == name).Take(1)
        select new DescribedOperation(name, ns + name, ns + (name + "Response"));

    private static IEnumerable<XElement> Messages(DescribedOperation operation) =>
        new[] { (Name: operation.Name + "Input", Element: operation.Input), (Name: operation.Name + "Output", Element: operation.Output) }.Select(
            message => new XElement(
                Wsdl + "message",
                new XAttribute("name", message.Name),
                new XElement(Wsdl + "part", new XAttribute("name", "parameters"), new XAttribute("element", QName(message.Element)))));

    private static XElement PortType(DescribedPortType type) => new(
        Wsdl + "portType",
        new XAttribute("name", type.Name),
        Documentation(type.Documentation),
        type.Operations.Select(operation => new XElement(
            Wsdl + "operation",
            new XAttribute("name", operation.Name),
            new XElement(Wsdl + "input", new XAttribute("message", $"r:{operation.Name}Input")),
            new XElement(Wsdl + "output", new XAttribute("message", $"r:{operation.Name}Output")))));

    // WSDL 1.1 §3.4: soapAction must not stand in a binding to anything but HTTP.
    private static XElement Binding(DescribedPortType type) => new(
        Wsdl + "binding",
        new XAttribute("name", type.Name + "Binding"),
        new XAttribute("type", $"r:{type.Name}"),
        new XElement(Soap + "binding", new XAttribute("style", "document"), new XAttribute("transport", Transport)),
        type.Operations.Select(operation => new XElement(
            Wsdl + "operation",
            new XAttribute("name", operation.Name),
            new XElement(Soap + "operation", new XAttribute("style", "document")),
            new XElement(Wsdl + "input", LiteralBody()),
            new XElement(Wsdl + "output", LiteralBody()))));

    private static IEnumerable<XElement> Ports(DescribedPortType type) => type.Addresses.Select((address, index) => new XElement(
        Wsdl + "port",
        new XAttribute("name", index == 0 ? $"{type.Name}Port" : $"{type.Name}Port{index + 1}"),
        new XAttribute("binding", $"r:{type.Name}Binding"),
        new XElement(Soap + "address", new XAttribute("location", MailtoUri.Format(address)))));

    private static XElement LiteralBody() => new(Soap + "body", new XAttribute("use", "literal"));

    private static XElement Documentation(string text) => new(Wsdl + "documentation", text);

    private static string QName(XName name) => $"{Prefixes.First(prefix => prefix.Namespace == name.Namespace).Prefix}:{name.LocalName}";

    private static XElement Schema(string name)
    {
        using var stream = typeof(ServiceDescription).Assembly.GetManifestResourceStream($"operations/{name}")
            ?? throw new InvalidOperationException($"The assembly lacks its resource operations/{name}.");
        return SafeXml.Load(stream);
    }
}
