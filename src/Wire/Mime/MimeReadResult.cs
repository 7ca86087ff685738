namespace Relay.Wire.Mime;

/// <summary>What reading a mail came to.</summary>
public abstract record MimeReadResult
{
    /// <summary>The mail's part tree.</summary>
    public sealed record Read(MimeEntity Root) : MimeReadResult;

    /// <summary>The mail breaks a rule or a limit.</summary>
    /// <param name="Fault">Which.</param>
    /// <param name="Headers">The fields of the mail that could be read, to answer by.</param>
    public sealed record Refused(MimeFault Fault, HeaderFields Headers) : MimeReadResult;
}
