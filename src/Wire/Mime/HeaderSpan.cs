namespace Relay.Wire.Mime;

/// <summary>Where one field lies in its header block: offsets in octets. Strings are made only for the fields that are asked for.</summary>
internal readonly record struct HeaderSpan(int NameStart, int NameLength, int ValueStart, int ValueLength);
