namespace Relay.Wire.Mime;

/// <summary>One field of a header.</summary>
/// <param name="Name">As written, without the space that some put before the colon.</param>
/// <param name="RawValue">All after the colon, folding and surrounding spaces kept; an octet is the Latin-1 character of its value.</param>
public readonly record struct HeaderField(string Name, string RawValue)
{
    /// <summary>The value on one line, without surrounding spaces; octets as Latin-1 characters.</summary>
    public string Unfolded => HeaderText.Unfold(RawValue);
}
