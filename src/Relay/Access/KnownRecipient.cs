using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>What one of our addresses stands for.</summary>
internal abstract record KnownRecipient
{
    private KnownRecipient()
    {
    }

    /// <summary>A service, also under a plus-address.</summary>
    public sealed record Service(ServiceAddress Address) : KnownRecipient;

    /// <summary>
    /// An address that we made, for one subscription (<c>bounce+TOKEN</c>, <c>unsubscribe+TOKEN</c>, <c>renew+TOKEN</c>) or for requests that wait for
    /// their sender to confirm them (<c>confirm+TOKEN</c>).
    /// </summary>
    public sealed record Token(TokenKind Kind, string Text, MailAddress Address) : KnownRecipient;

    /// <summary>postmaster@ or abuse@ of our domains (RFC 5321 §4.5.1, RFC 2142 §4).</summary>
    public sealed record Postmaster(MailAddress Address) : KnownRecipient;

    /// <summary>An address of our domains that is none of these, where such mail is passed on.</summary>
    public sealed record Foreign(MailAddress Address) : KnownRecipient;
}
