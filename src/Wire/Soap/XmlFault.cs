namespace Relay.Wire.Soap;

/// <summary>Why XML is refused.</summary>
/// <param name="Kind">What a program decides by.</param>
/// <param name="Sentence">One sentence for the sender, at most 300 characters.</param>
/// <param name="Line">Line of the fault, from 1; 0 when unknown.</param>
/// <param name="Position">Column of the fault, from 1; 0 when unknown.</param>
public sealed record XmlFault(XmlFaultKind Kind, string Sentence, int Line = 0, int Position = 0);
