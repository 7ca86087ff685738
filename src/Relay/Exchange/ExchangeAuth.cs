namespace Relay.Exchange;

/// <summary>How the relay proves to Exchange who it is.</summary>
internal enum ExchangeAuth
{
    /// <summary>User name and password with every request; for TLS, or for the machine's own loopback.</summary>
    Basic,

    /// <summary>Kerberos or NTLM, as server and client agree.</summary>
    Negotiate,

    /// <summary>A bearer token by client credentials, as Exchange Online asks for.</summary>
    OAuth,
}
