namespace Relay.Smtp.Server;

/// <summary>When a listener encrypts.</summary>
public enum SmtpTlsMode
{
    /// <summary>Never.</summary>
    None,

    /// <summary>RFC 3207 §4: when the client asks for it.</summary>
    StartTls,

    /// <summary>RFC 8314 §3.3: from the first octet.</summary>
    Implicit,
}
