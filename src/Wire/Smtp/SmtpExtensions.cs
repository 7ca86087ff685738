namespace Relay.Wire.Smtp;

/// <summary>The EHLO keywords that both halves know.</summary>
[Flags]
public enum SmtpExtensions
{
    /// <summary>Plain RFC 5321.</summary>
    None = 0,

    /// <summary>RFC 2920 §3: commands in groups.</summary>
    Pipelining = 1,

    /// <summary>RFC 1870 §3: the size is told before the mail.</summary>
    Size = 2,

    /// <summary>RFC 6152 §2: octets above 127 in the content.</summary>
    EightBitMime = 4,

    /// <summary>RFC 6531 §3.1: addresses and header fields in UTF-8.</summary>
    SmtpUtf8 = 8,

    /// <summary>RFC 2034 §3: status codes in replies.</summary>
    EnhancedStatusCodes = 16,

    /// <summary>RFC 3030 §2: content in counted pieces.</summary>
    Chunking = 32,

    /// <summary>RFC 3461 §4: what to report about a delivery, and to whom it was once addressed.</summary>
    Dsn = 64,

    /// <summary>RFC 3207 §4: TLS within the session.</summary>
    StartTls = 128,

    /// <summary>RFC 4954 §3: who the client is.</summary>
    Auth = 256,

    /// <summary>XCLIENT: Postfix's, for proxies.</summary>
    Xclient = 512,
}
