using Relay.Wire.Smtp;

namespace Relay.Smtp.Client;

/// <summary>Who a mail goes from and to on this connection, whatever its header says.</summary>
/// <param name="ReversePath">Where bounces go; null is <c>&lt;&gt;</c>.</param>
/// <param name="Recipients">At least one.</param>
public sealed record MailEnvelope(MailAddress? ReversePath, IReadOnlyList<MailAddress> Recipients)
{
    /// <summary>ENVID, not yet encoded; at most 100 characters once it is (RFC 3461 §5.4). Sent where DSN is offered.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>RET, <c>FULL</c> or <c>HDRS</c> (RFC 3461 §4.3). Sent where DSN is offered.</summary>
    public string? Ret { get; init; }

    /// <summary>NOTIFY for every recipient, such as <c>FAILURE,DELAY</c> (RFC 3461 §4.1). Sent where DSN is offered.</summary>
    public string? Notify { get; init; }

    /// <summary>ORCPT of the only recipient, as <c>type;address</c>, the address not yet encoded (RFC 3461 §4.2). Sent where DSN is offered.</summary>
    public string? OriginalRecipient { get; init; }
}
