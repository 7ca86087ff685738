namespace Relay.Wire.Mime;

/// <summary>What reading a header came to. Either way the fields that could be read are there, so that the sender can be answered.</summary>
/// <param name="Headers">The fields; of a refused header, those before the fault.</param>
public abstract record HeaderReadResult(HeaderFields Headers)
{
    /// <summary>The header is good; the body begins <paramref name="Length"/> octets after the header's start.</summary>
    public sealed record Read(HeaderFields Headers, int Length) : HeaderReadResult(Headers);

    /// <summary>The header breaks a rule or a limit.</summary>
    public sealed record Refused(HeaderFields Headers, MimeFault Fault) : HeaderReadResult(Headers);
}
