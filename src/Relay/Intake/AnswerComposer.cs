using System.Text;
using System.Xml.Linq;
using Relay.Operations;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>Makes answer mails as docs/protocol.md shows them: null reverse-path, In-Reply-To the request's id, the request's layout.</summary>
internal sealed class AnswerComposer(OwnMessageIds ids, TimeProvider time)
{
    /// <summary>The mail of an answer, or null where nothing is to be mailed.</summary>
    public NewOutboxMail? Compose(AnswerFrame frame, OperationAnswer answer) => answer switch
    {
        OperationAnswer.Response { Parts.Count: > 0 } response => Package(frame, response),
        OperationAnswer.Response response => Mail(
            frame, answer, SoapWriter.Write(frame.Version, Headers(frame, isFault: false), response.WriteBody), response.ExtraFields),
        OperationAnswer.Fault fault => Mail(
            frame, answer, SoapWriter.WriteFault(frame.Version, Headers(frame, isFault: true), fault.Value), []),
        OperationAnswer.None => null,
        _ => throw new InvalidOperationException("The cases of OperationAnswer are closed."),
    };

    /// <summary>A plain text for a person.</summary>
    public NewOutboxMail ComposeText(AnswerFrame frame, string text) =>
        Outgoing(frame, Basis(frame with { MediaType = "text/plain", Layout = SoapLayout.Flat, IsXop = false }, Encoding.UTF8.GetBytes(text), []));

    /// <summary>A document in XML for programs, attached to a plain text for people.</summary>
    public NewOutboxMail ComposeDocument(AnswerFrame frame, string text, byte[] document, string fileName) =>
        Outgoing(frame, Basis(frame with { MediaType = "text/xml", Layout = SoapLayout.Mixed, IsXop = false }, document, []) with { Note = text, FileName = fileName });

    /// <summary>Asks the sender whether a request is its own. The text is for people; programs take the token.</summary>
    public NewOutboxMail ComposeConfirmation(AnswerFrame frame, string operation, string token, DateTimeOffset until)
    {
        string replyTo = $"{ParkedRequests.Purpose}+{token}@{frame.Service.Address.Domain}";
        string text = ConfirmationText.Of(frame, operation, token, until);
        var plain = frame with { MediaType = "text/plain", Layout = SoapLayout.Flat, IsXop = false };
        return Outgoing(plain, Basis(plain, Encoding.UTF8.GetBytes(text), [("Reply-To", replyTo)]) with
        {
            Subject = $"Confirm: {operation}",
            References = [frame.RequestId],
        });
    }

    /// <summary>What further answers to the same request need.</summary>
    public static ReplyFrame Keep(AnswerFrame frame) => new()
    {
        From = frame.Service.Address.ToString(),
        To = frame.To.ToString(),
        Subject = MailBinding.ReplySubject(frame.Request.SubjectRaw),
        InReplyTo = frame.RequestId,
        References = References(frame),
        Version = frame.Version,
        Layout = frame.Layout,
        MediaType = frame.MediaType,
        IsXop = frame.IsXop,
        HasNote = frame.HasNote,
        Headers = [.. Headers(frame, isFault: false).Select(block => block.ToString(SaveOptions.DisableFormatting))],
    };

    private NewOutboxMail Mail(AnswerFrame frame, OperationAnswer answer, byte[] envelope, IReadOnlyList<(string Name, string Value)> extraFields) =>
        Outgoing(frame, Basis(frame, envelope, extraFields) with { Note = frame.HasNote ? ReadableNotes.For(answer, envelope) : null });

    private NewOutboxMail Package(AnswerFrame frame, OperationAnswer.Response response)
    {
        byte[] envelope = SoapWriter.Write(frame.Version, Headers(frame, isFault: false), response.WriteBody);
        return Outgoing(frame, Basis(frame with { IsXop = true }, envelope, response.ExtraFields) with { Attachments = response.Parts });
    }

    private static NewOutboxMail Outgoing(AnswerFrame frame, SoapMail mail) =>
        new(OutboxKind.Answer, null, frame.To.ToString(), mail.MessageId, MailBinding.Compose(mail), null, null, mail.Date);

    private SoapMail Basis(AnswerFrame frame, byte[] envelope, IReadOnlyList<(string Name, string Value)> extraFields)
    {
        string messageId = ids.NewAnswer(frame.Service.Address.Domain);
        return new SoapMail
        {
            From = frame.Service.Address,
            To = frame.To,
            Subject = MailBinding.ReplySubject(frame.Request.SubjectRaw),
            MessageId = messageId,
            InReplyTo = frame.RequestId,
            References = References(frame),
            Date = time.GetUtcNow(),
            AutoSubmitted = "auto-replied",
            ExtraFields = extraFields,
            Layout = frame.Layout,
            MediaType = frame.MediaType,
            IsXop = frame.IsXop,
            Envelope = envelope,
        };
    }

    private static IReadOnlyList<string> References(AnswerFrame frame)
    {
        var references = MailBinding.ReferencesFor(frame.Request);
        return frame.AlsoTold is { } told ? [.. references, told] : references.Count > 0 ? references : [frame.RequestId];
    }

    private static IReadOnlyList<XElement> Headers(AnswerFrame frame, bool isFault)
    {
        string? action = isFault ? WsAddressing.SoapFaultAction : frame.Addressing.Action is { } asked ? asked + "Response" : null;
        return frame.Addressing.AnswerHeaders(action, messageId: null, isFault);
    }
}
