namespace Relay.Inbound;

/// <summary>A mail that lies at a source.</summary>
/// <param name="Name">The same mail has the same again after a crash.</param>
/// <param name="Read">
/// Its octets, at most so many. Throws <see cref="InvalidDataException"/> where it is larger, <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/> where it cannot be read.
/// </param>
internal sealed record PickupMail(string Name, Func<long, byte[]> Read);
