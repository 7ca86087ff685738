using Relay.Wire.Mime;

namespace Relay.Access;

/// <summary>Who a mail is proven to be from.</summary>
/// <param name="Principal">Null where an entry is proven, but none that names the sender's address.</param>
/// <param name="Signed">The mail with what the signature covers as its only part, where a signature was the proof: nothing else may be read.</param>
/// <param name="ReplayId">What stands for the request's id in the journal, where the id itself was not covered by the proof.</param>
internal sealed record Identity(Principal? Principal, MimeEntity? Signed = null, string? ReplayId = null);
