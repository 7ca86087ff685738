namespace Relay.Wire.Soap;

/// <summary>What XML from outside may cost. All are enforced while the text streams past, before a tree is built of it.</summary>
public sealed record SoapLimits
{
    /// <summary>Limits for XML from strangers.</summary>
    public static SoapLimits Default { get; } = new();

    /// <summary>Elements inside each other, the root counting as one. Trees deeper than some thousands cost quadratic time later on.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Attributes of one element, namespace declarations included.</summary>
    public int MaxAttributes { get; init; } = 256;

    /// <summary>Characters of an element's or attribute's qualified name.</summary>
    public int MaxNameLength { get; init; } = 1024;

    /// <summary>Characters of one attribute's value.</summary>
    public int MaxAttributeLength { get; init; } = 64 * 1024;

    /// <summary>Characters of one tag, its attributes included.</summary>
    public int MaxTagLength { get; init; } = 256 * 1024;

    /// <summary>Characters of the whole document. Reading takes about ten bytes for each, and requests have some thousands.</summary>
    public int MaxCharacters { get; init; } = 4 * 1024 * 1024;

    /// <summary>Elements of the whole document.</summary>
    public int MaxElements { get; init; } = 200_000;

    /// <summary>Whether processing instructions are passed over instead of refused (SOAP 1.2 Part 1 §5 leaves it to the receiver).</summary>
    public bool AllowProcessingInstructions { get; init; }
}
