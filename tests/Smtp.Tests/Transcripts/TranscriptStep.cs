namespace Relay.Smtp.Tests.Transcripts;

/// <summary>One line of a transcript. The four cases below are all there are.</summary>
internal abstract record TranscriptStep(int LineNumber)
{
    /// <summary>Octets of the client, CRLF included where the line has one.</summary>
    public sealed record Send(int LineNumber, byte[] Octets) : TranscriptStep(LineNumber);

    /// <summary>A line of the server without its CRLF; <c>*</c> stands for any text.</summary>
    public sealed record Expect(int LineNumber, string Pattern) : TranscriptStep(LineNumber);

    /// <summary>The server hangs up.</summary>
    public sealed record ServerCloses(int LineNumber) : TranscriptStep(LineNumber);

    /// <summary>The client hangs up.</summary>
    public sealed record ClientCloses(int LineNumber) : TranscriptStep(LineNumber);
}
