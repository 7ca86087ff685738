using System.Text;
using System.Xml;
using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.ExchangeSimulator.Http;

/// <summary>Makes an operation of the octets of a request, or the fault that they deserve.</summary>
/// <param name="schema">The published schema where it is given; null for the built-in one.</param>
/// <param name="dialect">Whether exchangelib's misplaced Watermark passes.</param>
internal sealed class EwsRequestParser(EwsSchemaSet? schema, SimulatorDialect dialect)
{
    private static readonly XNamespace T = EwsNames.Types;

    public ParsedRequest Parse(byte[] octets)
    {
        XElement envelope;
        SchemaViolation? violation;
        try
        {
            var text = Encoding.UTF8.GetString(octets).TrimStart('\uFEFF');
            envelope = SafeXml.Load(text);
            if (dialect.LenientWatermark && MoveWatermark(envelope))
            {
                text = envelope.ToString(SaveOptions.DisableFormatting);
            }

            violation = schema is null ? EwsSchema.Validate(text) : schema.Validate(text);
        }
        catch (XmlException)
        {
            // Broken XML, and XML with a DTD, is what the fault says it is.
            return new ParsedRequest.Refused(new FaultDetail(EwsErrors.InvalidRequest));
        }

        if (IsServerVersionUnknown(envelope))
        {
            return new ParsedRequest.Refused(new FaultDetail(EwsErrors.InvalidServerVersion));
        }

        if (violation is not null)
        {
            return new ParsedRequest.Refused(new FaultDetail(EwsErrors.SchemaValidation(violation), violation));
        }

        return envelope.Name == EwsNames.Soap + "Envelope"
            && envelope.Element(EwsNames.Soap + "Body")?.Elements().FirstOrDefault() is { } body
            && body.Name.Namespace == EwsNames.Messages
            ? new ParsedRequest.Operation(body, Version(envelope) ?? ServerVersions.Assumed, Impersonated(envelope))
            : new ParsedRequest.Refused(new FaultDetail(EwsErrors.InvalidRequest));
    }

    private static string? Version(XElement envelope) => envelope.Element(EwsNames.Soap + "Header")
        ?.Element(T + "RequestServerVersion")?.Attribute("Version")?.Value;

    /// <summary>A version is looked at before the schema is, so that the fault is the one from which clients try the next version.</summary>
    private static bool IsServerVersionUnknown(XElement envelope) =>
        Version(envelope) is { } version && !ServerVersions.IsKnown(version);

    private static string? Impersonated(XElement envelope) => envelope.Element(EwsNames.Soap + "Header")
        ?.Element(T + "ExchangeImpersonation")?.Element(T + "ConnectingSID")?.Elements().FirstOrDefault()?.Value.Trim();

    private static bool MoveWatermark(XElement envelope)
    {
        var misplaced = envelope.Descendants(EwsNames.Messages + "Watermark")
            .Where(element => element.Parent?.Name.LocalName.EndsWith("SubscriptionRequest", StringComparison.Ordinal) ?? false).ToArray();
        foreach (var element in misplaced)
        {
            element.Name = T + "Watermark";
        }

        return misplaced.Length > 0;
    }
}
