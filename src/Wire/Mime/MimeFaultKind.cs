namespace Relay.Wire.Mime;

/// <summary>The kinds of <see cref="MimeFault"/>.</summary>
public enum MimeFaultKind
{
    /// <summary>A header is longer than <see cref="MimeLimits.MaxHeaderBytes"/>.</summary>
    HeaderTooLong,

    /// <summary>A header has more fields than <see cref="MimeLimits.MaxFields"/>.</summary>
    TooManyFields,

    /// <summary>A line of a header is neither a field nor the continuation of one, or holds a NUL.</summary>
    BadHeader,

    /// <summary>A field that may stand once stands twice with different values.</summary>
    RepeatedField,

    /// <summary>Multiparts are nested deeper than <see cref="MimeLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>The mail has more parts than <see cref="MimeLimits.MaxParts"/>.</summary>
    TooManyParts,

    /// <summary>Characters that are not base64 in a part that says it is.</summary>
    BadBase64,

    /// <summary>The content is in a format of one mail program only.</summary>
    Proprietary,

    /// <summary>A part is larger than <see cref="MimeLimits.MaxDecodedBytes"/>.</summary>
    TooLarge,
}
