namespace Relay.Wire.Mime;

/// <summary>What one method found (RFC 8601 §2.2).</summary>
/// <param name="Method">Lower case, without its version: <c>dkim</c>, <c>dmarc</c>, <c>spf</c>.</param>
/// <param name="Result">Lower case: <c>pass</c>, <c>fail</c> …</param>
/// <param name="Properties">By lower-case <c>type.property</c>, as <c>header.from</c>; of two of one name the first.</param>
public sealed record AuthenticationResult(string Method, string Result, IReadOnlyDictionary<string, string> Properties);
