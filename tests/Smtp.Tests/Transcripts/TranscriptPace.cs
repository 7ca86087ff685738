namespace Relay.Smtp.Tests.Transcripts;

/// <summary>How the client's octets are cut into writes.</summary>
public enum TranscriptPace
{
    /// <summary>All that comes before the next line of the server, in one write.</summary>
    Whole,

    /// <summary>A write a line.</summary>
    ByLine,

    /// <summary>A write an octet.</summary>
    ByOctet,
}
