namespace Relay.Smtp.Server;

/// <summary>Which protocol a listener speaks.</summary>
public enum SmtpProtocol
{
    /// <summary>RFC 5321 §3.3: one reply for the whole mail.</summary>
    Smtp,

    /// <summary>RFC 2033 §4: LHLO, and one reply a recipient.</summary>
    Lmtp,
}
