using System.Globalization;
using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Client.Mail;

/// <summary>A mail as far as it could be read: what it is depends on whether a request waits for it.</summary>
internal sealed class ReadMail
{
    // What a mailbox holds may be long; the listener has bounded the mail already.
    private static readonly SoapLimits Limits = SoapLimits.Default with { MaxCharacters = 16 * 1024 * 1024 };

    private readonly HeaderFields _headers;
    private readonly SoapEnvelope? _envelope;
    private readonly string _problem;
    private readonly DeliveryStatusNotification? _bounce;

    private ReadMail(HeaderFields headers, SoapEnvelope? envelope, string problem, DeliveryStatusNotification? bounce = null)
    {
        _headers = headers;
        _envelope = envelope;
        _problem = problem;
        _bounce = bounce;
    }

    /// <summary>The Message-ID, which every repeat has too; null where there is none.</summary>
    public string? Id => MessageId.RawOf(_headers);

    /// <summary>The id of the request that this mail answers, or sends back undelivered; null for other mail.</summary>
    public string? Answers => _bounce?.OriginalMessageId ?? InReplyTo;

    private string? InReplyTo => MessageId.RawOf(_headers, "In-Reply-To");

    private MailHead Head => new(Id, EncodedWord.Decode(_headers.Text("Subject") ?? ""),
        AddressList.Parse(_headers.Text("From")) is [var first, ..] ? first.Address : null);

    public static ReadMail Of(ReadOnlyMemory<byte> content) => MimeReader.Read(content, MimeLimits.Default) switch
    {
        MimeReadResult.Read read => Of(read.Root),
        MimeReadResult.Refused refused => new ReadMail(HeaderFields.Empty, null, refused.Fault.Sentence),
        _ => throw new InvalidOperationException("A mail is read or it is refused."),
    };

    /// <summary>For the request that waits.</summary>
    public RelayAnswer AsAnswer() => _envelope switch
    {
        null when _bounce is not null => new RelayAnswer.Bounced(_problem),
        null => new RelayAnswer.Unreadable(_problem),
        { IsFault: true } => new RelayAnswer.Faulted(FaultReader.Read(_envelope.Version, _envelope.Body!)),
        { Body: null } => new RelayAnswer.Unreadable("The envelope's body is empty."),
        _ => new RelayAnswer.Answered(_envelope),
    };

    /// <summary>For the reader of incoming mail; a notification moves the chain.</summary>
    public IncomingMail AsIncoming(NotificationChain chain)
    {
        if (_envelope?.Body is not { } body)
        {
            return new IncomingMail.Other(Head, _problem);
        }
        if (body.Name.LocalName != "SendNotification")
        {
            return InReplyTo is { } request
                ? new IncomingMail.Answer(Head, request, _envelope)
                : new IncomingMail.Other(Head, $"A SOAP message ({body.Name.LocalName}) that is no notification and answers nothing.");
        }
        XElement root = body.AncestorsAndSelf().Last();
        return EwsResponseReader.SendNotification(root) switch
        {
            EwsResult<EwsNotification>.Success { Value: var events } =>
                new IncomingMail.Notification(Head, events, chain.Follow(events), Sequence(), CaughtUp()) { Items = ToldItem.ReadAll(_envelope.Headers) },
            EwsResult<EwsNotification>.Error { Problem: var error } =>
                new IncomingMail.Trouble(
                    Head, error.SubscriptionId ?? _headers.Text("Relay-Subscription"), error, _headers.Text("Relay-Gap")),
            EwsResult<EwsNotification>.Unreadable unreadable => new IncomingMail.Other(Head, unreadable.Sentence),
            _ => throw new InvalidOperationException("A result has three forms."),
        };
    }

    private static ReadMail Of(MimeEntity mail)
    {
        if (MailBinding.Read(mail, MimeLimits.Default) is SoapMailReadResult.Found { Request: var soap })
        {
            (SoapEnvelope? envelope, string problem) = Of(SoapReader.Read(soap, Limits, MimeLimits.Default));
            return new ReadMail(mail.Headers, envelope, problem);
        }
        // A delay is no answer: the server goes on trying.
        DeliveryStatusNotification? status = DeliveryStatusNotification.Read(mail, MimeLimits.Default);
        return status?.Recipients.FirstOrDefault(recipient => recipient.Action == DeliveryAction.Failed) is { } failed
            ? new ReadMail(mail.Headers, null, failed.Diagnostic ?? $"status {failed.Status}", status)
            : new ReadMail(mail.Headers, null, "The mail has no SOAP envelope.");
    }

    private static (SoapEnvelope? Envelope, string Problem) Of(SoapReadResult result) => result switch
    {
        SoapReadResult.Read read => (read.Envelope, ""),
        SoapReadResult.Faulted faulted => (null, faulted.Fault.Reason),
        _ => (null, "The mail's XML is no SOAP envelope."),
    };

    private long? Sequence() =>
        long.TryParse(_headers.Text("Relay-Sequence"), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? sequence
            : null;

    private bool CaughtUp() => "yes".Equals(_headers.Text("Relay-Caught-Up"), StringComparison.OrdinalIgnoreCase);
}
