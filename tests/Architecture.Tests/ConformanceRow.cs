namespace Relay.Architecture.Tests;

/// <summary>One row of docs/conformance.md.</summary>
/// <param name="Section">As it is cited: "RFC 5321 §4.5.2".</param>
/// <param name="What">The rule in a few words.</param>
/// <param name="Followed">yes, partly or no.</param>
/// <param name="Note">What is missing, or where.</param>
/// <param name="Line">The row as it stands, for messages.</param>
internal sealed record ConformanceRow(string Section, string What, string Followed, string Note, string Line);
