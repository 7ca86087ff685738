using System.Xml.Linq;
using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>Reads SOAP messages of both versions; the namespace decides, whatever the media type says.</summary>
public static class SoapReader
{
    /// <summary>Reads octets as they were in the mail, without their transfer encoding.</summary>
    /// <param name="octets">One XML document.</param>
    /// <param name="charset">The part's charset parameter, or null.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="understands">Which header blocks the caller will obey; null for those of <see cref="SoapHeaderBlocks"/>.</param>
    public static SoapReadResult Read(
        ReadOnlyMemory<byte> octets, string? charset, SoapLimits limits, Func<XName, bool>? understands = null)
    {
        if (octets.Length / 3 > limits.MaxCharacters)
        {
            return Fault(new XmlFault(XmlFaultKind.TooLarge, $"The XML has more than {limits.MaxCharacters} characters."), SoapVersion.Soap11);
        }

        return XmlText.TryDecode(octets.Span.Trim(" \t\r\n"u8), charset, out var text, out var fault)
            ? Read(text, limits, understands)
            : Fault(fault, SoapVersion.Soap11);
    }

    /// <summary>Reads what <see cref="MailBinding"/> found in a mail, with the parts that it refers to put in their places.</summary>
    public static SoapReadResult Read(
        SoapMailRequest request, SoapLimits limits, MimeLimits mimeLimits, Func<XName, bool>? understands = null)
    {
        var result = Read(request.EnvelopeOctets, request.Charset, limits, understands);
        if (result is not SoapReadResult.Read { Envelope: var envelope } || !MayReferToParts(envelope.Xml))
        {
            return result;
        }

        // What the parts add is text of the document, so it has no more room than the document itself; base64 makes four characters of three octets.
        var room = Math.Min(mimeLimits.MaxDecodedBytes, limits.MaxCharacters / 4 * 3);
        var parts = new PackageParts(request.Attachments, mimeLimits with { MaxDecodedBytes = room });
        var root = SafeXml.Load(envelope.Xml, limits);
        var referred = false;
        if ((XopPackage.Expand(root, parts, out var included) ?? SwaPackage.Expand(root, parts, out referred)) is { } fault)
        {
            return new SoapReadResult.Faulted(fault, envelope.Version, envelope);
        }

        return included || referred ? ReadRoot(root, root.ToString(SaveOptions.DisableFormatting), understands) : result;
    }

    /// <summary>As the first, from text.</summary>
    public static SoapReadResult Read(string text, SoapLimits limits, Func<XName, bool>? understands = null)
    {
        text = text.Trim(' ', '\t', '\r', '\n', '\uFEFF');
        return SafeXml.TryLoad(text, limits, out var root, out var fault)
            ? ReadRoot(root, text, understands)
            : Fault(fault, GuessVersion(text));
    }

    /// <summary>A bare payload as if it had come in an envelope.</summary>
    public static SoapEnvelope Wrap(XElement payload, SoapVersion version)
    {
        var soap = SoapNames.Envelope(version);
        var root = new XElement(soap + "Envelope", new XElement(soap + "Body", payload));
        return new SoapEnvelope(version, [], root.Element(soap + "Body")?.Elements().First(), root.ToString(SaveOptions.DisableFormatting));
    }

    private static bool MayReferToParts(string xml) =>
        xml.Contains("cid:", StringComparison.OrdinalIgnoreCase) || xml.Contains(XopPackage.IncludeName.NamespaceName, StringComparison.Ordinal);

    private static SoapReadResult ReadRoot(XElement root, string text, Func<XName, bool>? understands)
    {
        if (root.Name.LocalName != "Envelope")
        {
            return new SoapReadResult.NotSoap(root, text);
        }

        if (root.Name.Namespace != SoapNames.Soap11 && root.Name.Namespace != SoapNames.Soap12)
        {
            // SOAP 1.2 Part 1 appendix A: to a version we do not know the fault goes in the oldest.
            return new SoapReadResult.Faulted(SoapFaults.VersionMismatch(), SoapVersion.Soap11);
        }

        return ReadEnvelope(root, text, understands ?? SoapHeaderBlocks.IsUnderstood);
    }

    private static SoapReadResult ReadEnvelope(XElement root, string text, Func<XName, bool> understands)
    {
        var soap = root.Name.Namespace;
        var version = soap == SoapNames.Soap12 ? SoapVersion.Soap12 : SoapVersion.Soap11;
        var body = root.Element(soap + "Body");
        if (body is null)
        {
            return new SoapReadResult.Faulted(SoapFaults.Client("The envelope has no Body."), version);
        }

        // SOAP 1.2 Part 1 §5.1: nothing may follow the body; SOAP 1.1 §4 allows it.
        if (version == SoapVersion.Soap12 && body.ElementsAfterSelf().Any())
        {
            return new SoapReadResult.Faulted(SoapFaults.Client("An element follows the Body of the envelope."), version);
        }

        IReadOnlyList<XElement> headers = root.Element(soap + "Header")?.Elements().ToList() ?? [];
        var envelope = new SoapEnvelope(version, headers, body.Elements().FirstOrDefault(), text);
        var unknown = headers.Where(block => SoapHeaderBlocks.IsMandatory(block, version) && !understands(block.Name))
            .Select(block => block.Name).ToList();
        return unknown.Count == 0
            ? new SoapReadResult.Read(envelope)
            : new SoapReadResult.Faulted(SoapFaults.MustUnderstand(version, unknown), version, envelope);
    }

    private static SoapReadResult.Faulted Fault(XmlFault fault, SoapVersion version) => new(SoapFaults.Refused(fault), version);

    // A broken message still tells its version more often than not; the sender's program reads only its own.
    private static SoapVersion GuessVersion(string text) =>
        text.AsSpan(0, Math.Min(text.Length, 4096)).Contains(SoapNames.Soap12.NamespaceName, StringComparison.Ordinal)
            ? SoapVersion.Soap12
            : SoapVersion.Soap11;
}
