using System.Xml.Linq;

namespace Relay.Wire.Soap;

/// <summary>
/// Values that lie in other parts, in the manner of SOAP Messages with Attachments (2000): an element without content whose <c>href</c> is a
/// <c>cid:</c> URL. Whatever else an href says is the payload's own business, and nothing is fetched for it.
/// </summary>
internal static class SwaPackage
{
    /// <summary>Puts the content of parts where elements refer to it: text as text, anything else as base64. Gives why one cannot be, or null.</summary>
    /// <param name="root">Changed in place; after a fault it is not to be used.</param>
    /// <param name="parts">What came with it.</param>
    /// <param name="changed">Whether there was a reference.</param>
    public static SoapFault? Expand(XElement root, PackageParts parts, out bool changed)
    {
        var references = root.Descendants().Where(IsReference).ToList();
        changed = references.Count > 0;
        return references.Select(reference => Replace(reference, parts)).FirstOrDefault(fault => fault is not null);
    }

    private static SoapFault? Replace(XElement reference, PackageParts parts)
    {
        var fault = parts.Take(Href(reference), "An element", out var part, out var octets);
        if (fault is null)
        {
            reference.Attribute("href")?.Remove();
            reference.Value = part is { ContentType.Type: "text" } ? PackageParts.TextOf(part, octets) : Convert.ToBase64String(octets.Span);
        }

        return fault;
    }

    private static bool IsReference(XElement element) =>
        element.Name != XopPackage.IncludeName && !element.HasElements && element.Value.Length == 0 && ContentIdUrl.IdOf(Href(element)) is not null;

    private static string Href(XElement element) => element.Attribute("href")?.Value ?? "";
}
