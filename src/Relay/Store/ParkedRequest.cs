namespace Relay.Store;

/// <summary>A request mail that waits for its sender's confirmation.</summary>
/// <param name="AskedAt">When the sender was asked.</param>
/// <param name="Address">Who is asked, in lower case.</param>
/// <param name="Network">Where the mail came from, for the limits.</param>
/// <param name="Service">The service's address that it was mailed to.</param>
/// <param name="MailId">Our own id for it.</param>
/// <param name="ReversePath">Null is the null reverse-path.</param>
/// <param name="ClientAddress">The peer's IP address, where there was one.</param>
/// <param name="Octets">The whole mail.</param>
internal sealed record ParkedRequest(
    DateTimeOffset AskedAt,
    string Address,
    string Network,
    string Service,
    string MailId,
    string? ReversePath,
    string? ClientAddress,
    ReadOnlyMemory<byte> Octets);
