namespace Relay.Wire.Smtp;

/// <summary>How far a reader came with the octets at hand.</summary>
public enum SmtpReadStatus
{
    /// <summary>More octets are needed; nothing was consumed.</summary>
    Incomplete,

    /// <summary>One whole thing was read and consumed.</summary>
    Done,

    /// <summary>No continuation could make this right.</summary>
    Malformed,
}
