namespace Relay.Wire.Soap;

/// <summary>How an envelope lies in a mail; an answer takes the layout of its request.</summary>
public enum SoapLayout
{
    /// <summary>The mail's only body.</summary>
    Flat,

    /// <summary>A part of multipart/mixed, as an attachment.</summary>
    Mixed,

    /// <summary>The root of multipart/related.</summary>
    Related,
}
