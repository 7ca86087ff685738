namespace Relay.Fuzz;

/// <summary>An input that broke a promise.</summary>
/// <param name="Number">Which input of the run.</param>
/// <param name="What">The exception, the time or the bytes.</param>
/// <param name="Input">The input itself.</param>
public sealed record FuzzFinding(long Number, string What, byte[] Input);
