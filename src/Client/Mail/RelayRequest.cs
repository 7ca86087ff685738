using Relay.Wire.Smtp;

namespace Relay.Client.Mail;

/// <summary>A SOAP request about to be mailed.</summary>
/// <param name="To">The service's address, for example <c>ews@gateway.example</c>.</param>
/// <param name="Subject">For people who look into the mailbox; services do not read it.</param>
/// <param name="Envelope">The SOAP 1.1 envelope in UTF-8, with its XML declaration.</param>
public sealed record RelayRequest(MailAddress To, string Subject, ReadOnlyMemory<byte> Envelope)
{
    /// <summary>How long the service itself may take before it speaks, on top of <see cref="RelayMailOptions.AnswerTimeout"/>: a stream's length.</summary>
    public TimeSpan ExtraTime { get; init; }

    /// <summary>The id of the mail that this one replies to; null for a request of its own.</summary>
    public string? InReplyTo { get; init; }
}
