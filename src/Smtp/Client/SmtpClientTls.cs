namespace Relay.Smtp.Client;

/// <summary>Whether a connection is encrypted.</summary>
public enum SmtpClientTls
{
    /// <summary>Never.</summary>
    None,

    /// <summary>Where STARTTLS is offered; any certificate will do, as mail would otherwise go in the clear (RFC 7435 §3).</summary>
    Opportunistic,

    /// <summary>By STARTTLS with a certificate that proves the host, or not at all.</summary>
    Required,

    /// <summary>From the first octet, with a certificate that proves the host (RFC 8314 §3.3).</summary>
    Implicit,
}
