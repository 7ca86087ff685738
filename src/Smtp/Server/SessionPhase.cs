namespace Relay.Smtp.Server;

/// <summary>How far a session has come; what may be said next depends on it (RFC 5321 §4.1.4).</summary>
internal enum SessionPhase
{
    /// <summary>Connected, or just encrypted: the client has not named itself.</summary>
    Greeted,

    /// <summary>The client has named itself; no mail is under way.</summary>
    Ready,

    /// <summary>MAIL was accepted, no recipient yet.</summary>
    Sender,

    /// <summary>At least one recipient was accepted.</summary>
    Recipients,

    /// <summary>BDAT has begun, its last chunk is to come.</summary>
    Chunks,
}
