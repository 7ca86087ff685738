namespace Relay.TestKit;

/// <summary>One line that a program wrote.</summary>
public sealed record ProgramLine(bool IsError, string Text);
