namespace Relay.Wire.Ews;

/// <summary>The first thing in a request that its schema does not allow.</summary>
/// <param name="Message">As System.Xml.Schema words it, which is how Exchange words it too.</param>
/// <param name="Line">From 1, in the whole envelope.</param>
/// <param name="Position">From 1, in that line.</param>
public sealed record SchemaViolation(string Message, int Line, int Position);
