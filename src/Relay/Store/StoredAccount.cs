namespace Relay.Store;

/// <summary>An account of SMTP AUTH, with what SCRAM-SHA-256 keeps of its password (RFC 5802 §3).</summary>
/// <param name="Name">As the client says it, case and all.</param>
/// <param name="Salt">16 octets.</param>
/// <param name="Iterations">4,096 or more.</param>
/// <param name="StoredKey">32 octets; proves the password and cannot be used in its place.</param>
/// <param name="ServerKey">32 octets; proves to the client that the server knows the password too.</param>
/// <param name="ChangedAt">When the password was set.</param>
internal sealed record StoredAccount(
    string Name, byte[] Salt, int Iterations, byte[] StoredKey, byte[] ServerKey, DateTimeOffset ChangedAt);
