using System.Globalization;
using System.Xml.Linq;

namespace Relay.Wire.Ews;

/// <summary>The header block <c>r:Delivery</c> of a Subscribe, which Exchange's schema lets pass: each child at most once, in any order.</summary>
public static class DeliveryHeader
{
    private const int LongestEcho = 40;

    /// <summary>The block's name.</summary>
    public static XName Name { get; } = R + "Delivery";

    private static XNamespace R => "urn:soap-relay:v1";

    /// <summary>What the block asks for.</summary>
    /// <param name="block">Not checked yet.</param>
    /// <param name="fault">One sentence that says what is wrong with it; null if nothing is.</param>
    public static DeliveryWishes Read(XElement block, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(block);
        var wishes = DeliveryWishes.None;
        fault = Unfit(block, "Digest", "Coalesce", "Content", "LargestMail");
        foreach (var child in fault is null ? block.Elements() : [])
        {
            wishes = child.Name.LocalName switch
            {
                "Digest" => ReadDigest(child, wishes, ref fault),
                "Coalesce" => wishes with { Coalesce = Flag(child, ref fault) },
                "Content" => wishes with { Content = Content(child, ref fault) },
                _ => wishes with { LargestMail = Number(child, DeliveryWishes.LeastLargestMail, DeliveryWishes.MostLargestMail, ref fault) },
            };
        }

        return wishes;
    }

    /// <summary>The block; what is not wished for is left out.</summary>
    public static XElement Write(DeliveryWishes wishes)
    {
        ArgumentNullException.ThrowIfNull(wishes);
        return new XElement(
            Name,
            new XAttribute(XNamespace.Xmlns + "r", R),
            wishes.DigestMinutes switch
            {
                null => null,
                0 => new XElement(R + "Digest"),
                var minutes => new XElement(R + "Digest", Leaf("Events", wishes.DigestEvents), Leaf("Minutes", minutes)),
            },
            Leaf("Coalesce", wishes.Coalesce),
            Leaf("Content", wishes.Content),
            Leaf("LargestMail", wishes.LargestMail));
    }

    // An empty Digest takes back one that the relay would make by itself.
    private static DeliveryWishes ReadDigest(XElement digest, DeliveryWishes wishes, ref string? fault)
    {
        fault ??= Unfit(digest, "Events", "Minutes");
        if (fault is null && digest.Element(R + "Minutes") is null && digest.HasElements)
        {
            fault = "r:Digest needs r:Minutes: without it, events could wait for ever.";
        }

        return wishes with
        {
            DigestMinutes = digest.Element(R + "Minutes") is { } minutes ? Number(minutes, 1, DeliveryWishes.MostDigestMinutes, ref fault) : 0,
            DigestEvents = digest.Element(R + "Events") is { } events ? Number(events, 1, DeliveryWishes.MostDigestEvents, ref fault) : null,
        };
    }

    private static string? Unfit(XElement parent, params string[] known)
    {
        var seen = new HashSet<XName>();
        foreach (var child in parent.Elements())
        {
            if (child.Name.Namespace != R || !known.Contains(child.Name.LocalName))
            {
                return $"r:{parent.Name.LocalName} has no child {Echo(child.Name.LocalName)}; it has {string.Join(", ", known.Select(name => $"r:{name}"))}.";
            }

            if (!seen.Add(child.Name))
            {
                return $"r:{child.Name.LocalName} stands twice.";
            }
        }

        return parent.Nodes().OfType<XText>().Any(text => !string.IsNullOrWhiteSpace(text.Value)) ? $"r:{parent.Name.LocalName} holds text." : null;
    }

    private static int? Number(XElement leaf, int least, int most, ref string? fault)
    {
        if (int.TryParse(leaf.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        fault ??= string.Create(
            CultureInfo.InvariantCulture, $"r:{leaf.Name.LocalName} is {Echo(leaf.Value)}, which is no whole number from {least} to {most}.");
        return null;
    }

    private static bool? Flag(XElement leaf, ref string? fault)
    {
        var flag = leaf.Value.Trim().Length == 0 ? true : LiberalXml.Flag(leaf.Value);
        fault ??= flag is null ? $"r:{leaf.Name.LocalName} is {Echo(leaf.Value)}, which is neither true nor false." : null;
        return flag;
    }

    private static DeliveryContent? Content(XElement leaf, ref string? fault)
    {
        string text = leaf.Value.Trim();
        if (Enum.GetNames<DeliveryContent>().Contains(text))
        {
            return Enum.Parse<DeliveryContent>(text);
        }

        fault ??= $"r:Content is {Echo(text)}, which is none of {string.Join(", ", Enum.GetNames<DeliveryContent>())}.";
        return null;
    }

    private static string Echo(string text) => $"\"{(text.Length <= LongestEcho ? text : text[..LongestEcho] + "…")}\"";

    private static XElement? Leaf(string name, object? value) => value is null ? null : new XElement(R + name, value);
}
