using Relay.Wire.Smtp;

namespace Relay.Client.Mail;

/// <summary>A SOAP request about to be mailed.</summary>
/// <param name="To">The service's address, for example <c>ews@gateway.example</c>.</param>
/// <param name="Subject">For people who look into the mailbox; services do not read it.</param>
/// <param name="Envelope">The SOAP 1.1 envelope in UTF-8, with its XML declaration.</param>
internal sealed record RelayRequest(MailAddress To, string Subject, ReadOnlyMemory<byte> Envelope)
{
    /// <summary>Waited for on top of <see cref="RelayMailOptions.AnswerTimeout"/>: the length of a stream, which may be silent.</summary>
    public TimeSpan ExtraTime { get; init; }

    /// <summary>
    /// The id of an earlier attempt, to repeat it: the relay executes a request of the same id and octets once, and answers it again. Null
    /// makes a new one.
    /// </summary>
    public string? MessageId { get; init; }

    /// <summary>The id of the mail that this one replies to; null for a request of its own.</summary>
    public string? InReplyTo { get; init; }
}
