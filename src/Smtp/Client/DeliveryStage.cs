namespace Relay.Smtp.Client;

/// <summary>How far a delivery came.</summary>
public enum DeliveryStage
{
    /// <summary>No connection, or no greeting.</summary>
    Connect,

    /// <summary>EHLO and HELO.</summary>
    Hello,

    /// <summary>STARTTLS, the handshake, or the certificate.</summary>
    Tls,

    /// <summary>AUTH.</summary>
    Auth,

    /// <summary>MAIL. Where no reply came and a small mail was sent along with it (CHUNKING), it may have been taken.</summary>
    Mail,

    /// <summary>RCPT.</summary>
    Recipient,

    /// <summary>DATA and the content; the final dot has not left.</summary>
    Data,

    /// <summary>The final dot has left: where no reply came, the mail may have been taken (RFC 1047 §2).</summary>
    AfterFinalDot,
}
