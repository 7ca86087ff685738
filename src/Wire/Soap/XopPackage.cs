using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>XML whose binary content lies in other parts (XML-binary Optimized Packaging 1.0).</summary>
public static class XopPackage
{
    /// <summary>The media type of a root part that has includes.</summary>
    public const string MediaType = "application/xop+xml";

    internal static readonly XName IncludeName = XNamespace.Get("http://www.w3.org/2004/08/xop/include") + "Include";

    /// <summary>An element that stands for the content of a part.</summary>
    public static XElement Include(string contentId) => new(
        IncludeName,
        new XAttribute(XNamespace.Xmlns + "xop", IncludeName.NamespaceName),
        new XAttribute("href", "cid:" + Uri.EscapeDataString(contentId).Replace("%40", "@", StringComparison.Ordinal)));

    /// <summary>Takes binary content out of a document if there is much of it: each becomes a part, and an include stands in its place.</summary>
    /// <param name="root">Changed in place.</param>
    /// <param name="isBinary">Which elements hold base64 and nothing else; text that is none stays.</param>
    /// <param name="above">Nothing is taken unless all of it together is longer than this, in characters.</param>
    /// <param name="unique">Makes the parts' ids unique in the world.</param>
    public static IReadOnlyList<SoapAttachment> Extract(XElement root, Func<XElement, bool> isBinary, int above, string unique)
    {
        ArgumentNullException.ThrowIfNull(root);
        var binary = root.Descendants().Where(element => !element.HasElements && isBinary(element)).ToList();
        var parts = new List<SoapAttachment>();
        if (binary.Sum(element => (long)element.Value.Length) <= above)
        {
            return parts;
        }

        foreach (var element in binary)
        {
            var octets = new byte[element.Value.Length];
            if (element.Value.Length > 0 && Convert.TryFromBase64String(element.Value, octets, out var length))
            {
                var id = $"{parts.Count + 1}.{unique}@xop";
                parts.Add(new SoapAttachment(id, "application/octet-stream", octets.AsMemory(0, length)));
                element.ReplaceNodes(Include(id));
            }
        }

        return parts;
    }

    /// <summary>Puts every part where its include stands, as base64. Gives why one cannot be, or null.</summary>
    /// <param name="root">Changed in place; after a fault it is not to be used.</param>
    /// <param name="parts">What came with it.</param>
    /// <param name="changed">Whether there was an include.</param>
    internal static SoapFault? Expand(XElement root, PackageParts parts, out bool changed)
    {
        var includes = root.Descendants(IncludeName).ToList();
        changed = includes.Count > 0;
        return includes.Select(include => Replace(include, parts)).FirstOrDefault(fault => fault is not null);
    }

    private static SoapFault? Replace(XElement include, PackageParts parts)
    {
        // XOP: the include is the only content of its parent.
        if (include.Parent is not { } parent || parent.Nodes().Any(node => node != include && !string.IsNullOrWhiteSpace((node as XText)?.Value ?? "x")))
        {
            return SoapFaults.Client("An xop:Include stands beside other content.");
        }

        var fault = parts.Take(include.Attribute("href")?.Value ?? "", "An xop:Include", out _, out var octets);
        if (fault is null)
        {
            parent.ReplaceNodes(Convert.ToBase64String(octets.Span));
        }

        return fault;
    }
}
