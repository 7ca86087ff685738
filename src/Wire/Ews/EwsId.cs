namespace Relay.Wire.Ews;

/// <summary>An item or folder id, opaque.</summary>
/// <param name="Id">The Id attribute.</param>
/// <param name="ChangeKey">The ChangeKey attribute, if there is one.</param>
public readonly record struct EwsId(string Id, string? ChangeKey);
