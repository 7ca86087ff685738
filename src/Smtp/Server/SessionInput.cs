namespace Relay.Smtp.Server;

/// <summary>Why a read from the client came back.</summary>
internal enum SessionInput
{
    /// <summary>What was asked for is there.</summary>
    Ready,

    /// <summary>The client is gone.</summary>
    Closed,

    /// <summary>The deadline has passed.</summary>
    TimedOut,

    /// <summary>The server stops, and nothing is under way in this session.</summary>
    Stopping,

    /// <summary>A line longer than the limit went by; it was not kept.</summary>
    LineTooLong,

    /// <summary>The same of a line that began as BDAT does: how many octets follow it, nobody knows.</summary>
    ChunkLineTooLong,

    /// <summary>No line at all, but another protocol.</summary>
    Foreign,

    /// <summary>A LF came without its CR.</summary>
    BareLineEnd,
}
