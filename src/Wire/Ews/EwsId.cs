namespace Relay.Wire.Ews;

/// <summary>Names an item or a folder. Both texts are opaque.</summary>
/// <param name="Id">Base64 as a rule; changes when an item moves to another folder.</param>
/// <param name="ChangeKey">A version of the object; in notifications a stub of four bytes that names only its type; null where not told.</param>
public readonly record struct EwsId(string Id, string? ChangeKey = null);
