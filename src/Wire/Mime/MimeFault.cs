namespace Relay.Wire.Mime;

/// <summary>Why a mail, or a part of it, cannot be read.</summary>
/// <param name="Kind">What a program decides by.</param>
/// <param name="Sentence">What the sender is told: one sentence, ASCII, without text of the mail.</param>
public sealed record MimeFault(MimeFaultKind Kind, string Sentence);
