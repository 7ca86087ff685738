namespace Relay.Access;

/// <summary>What proves that a mail comes from whom it says. A From field alone proves nothing (RFC 5321 §7.1).</summary>
internal enum Proof
{
    /// <summary>The client's network address, for mail that it hands us itself by SMTP.</summary>
    Network,

    /// <summary>The account of an SMTP AUTH exchange.</summary>
    SmtpAuth,

    /// <summary>A trusted server's Authentication-Results.</summary>
    AuthenticationResults,

    /// <summary>An S/MIME signature.</summary>
    Signature,

    /// <summary>An HMAC in a header field.</summary>
    Token,

    /// <summary>A confirmation mailed back.</summary>
    Confirm,
}
