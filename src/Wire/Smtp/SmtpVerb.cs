namespace Relay.Wire.Smtp;

/// <summary>The commands by name, as the table of their order needs them.</summary>
public enum SmtpVerb
{
    /// <summary>No command: the line cannot be read as one.</summary>
    None,

    /// <summary>HELO (RFC 5321 §4.1.1.1).</summary>
    Helo,

    /// <summary>EHLO (RFC 5321 §4.1.1.1).</summary>
    Ehlo,

    /// <summary>LHLO (RFC 2033 §4.1).</summary>
    Lhlo,

    /// <summary>MAIL (RFC 5321 §4.1.1.2).</summary>
    Mail,

    /// <summary>RCPT (RFC 5321 §4.1.1.3).</summary>
    Rcpt,

    /// <summary>DATA (RFC 5321 §4.1.1.4).</summary>
    Data,

    /// <summary>BDAT (RFC 3030 §2).</summary>
    Bdat,

    /// <summary>RSET (RFC 5321 §4.1.1.5).</summary>
    Rset,

    /// <summary>VRFY (RFC 5321 §4.1.1.6).</summary>
    Vrfy,

    /// <summary>EXPN (RFC 5321 §4.1.1.7).</summary>
    Expn,

    /// <summary>HELP (RFC 5321 §4.1.1.8).</summary>
    Help,

    /// <summary>NOOP (RFC 5321 §4.1.1.9).</summary>
    Noop,

    /// <summary>QUIT (RFC 5321 §4.1.1.10).</summary>
    Quit,

    /// <summary>STARTTLS (RFC 3207 §4).</summary>
    StartTls,

    /// <summary>AUTH (RFC 4954 §4).</summary>
    Auth,

    /// <summary>XCLIENT: Postfix's, for proxies.</summary>
    Xclient,
}
