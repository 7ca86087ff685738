using System.Xml.Linq;
using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>XML whose binary content lies in other parts (XML-binary Optimized Packaging 1.0).</summary>
public static class XopPackage
{
    /// <summary>The media type of a root part that has includes.</summary>
    public const string MediaType = "application/xop+xml";

    private static readonly XName IncludeName = XNamespace.Get("http://www.w3.org/2004/08/xop/include") + "Include";

    /// <summary>An element that stands for the content of a part.</summary>
    public static XElement Include(string contentId) => new(
        IncludeName,
        new XAttribute(XNamespace.Xmlns + "xop", IncludeName.NamespaceName),
        new XAttribute("href", "cid:" + Uri.EscapeDataString(contentId).Replace("%40", "@", StringComparison.Ordinal)));

    /// <summary>Puts every part where its include stands, as base64. False when there was none to replace; the fault tells one that cannot be.</summary>
    /// <param name="root">Changed in place; after a fault it is not to be used.</param>
    /// <param name="attachments">The parts that came with it.</param>
    /// <param name="limits"><see cref="MimeLimits.MaxDecodedBytes"/> counts for all content together: one part may be included often.</param>
    /// <param name="fault">Why a part cannot be included, or null.</param>
    public static bool Expand(XElement root, IReadOnlyList<MimeEntity> attachments, MimeLimits limits, out SoapFault? fault)
    {
        fault = null;
        var includes = root.Descendants(IncludeName).ToList();
        var left = limits.MaxDecodedBytes;
        var parts = attachments.Where(part => part.ContentId is not null)
            .GroupBy(part => part.ContentId!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        foreach (var include in includes)
        {
            fault = Replace(include, parts, limits, ref left);
            if (fault is not null)
            {
                return false;
            }
        }

        return includes.Count > 0;
    }

    private static SoapFault? Replace(XElement include, Dictionary<string, MimeEntity> parts, MimeLimits limits, ref long left)
    {
        var href = include.Attribute("href")?.Value ?? "";
        if (SoapAttachments.IdOf(href) is null)
        {
            return SoapFaults.Client("An xop:Include refers to something that is no part of the mail.");
        }

        // XOP: the include is the only content of its parent.
        if (include.Parent is not { } parent || parent.Nodes().Any(node => node != include && !string.IsNullOrWhiteSpace((node as XText)?.Value ?? "x")))
        {
            return SoapFaults.Client("An xop:Include stands beside other content.");
        }

        if (!parts.TryGetValue(SoapAttachments.IdOf(href) ?? "", out var part))
        {
            return SoapFaults.Client("An xop:Include refers to a part that is not in the mail.");
        }

        if (part.Decode(limits) is not MimeDecodeResult.Decoded(var octets) || (left -= octets.Length) < 0)
        {
            return SoapFaults.Client("A part that an xop:Include refers to cannot be read or is too large.");
        }

        parent.ReplaceNodes(Convert.ToBase64String(octets.Span));
        return null;
    }
}
