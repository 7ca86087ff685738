using System.Text;
using System.Xml.Linq;
using Relay.Operations;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>Makes answer mails as contract §3 lays them out: null reverse-path, In-Reply-To the request's id, the request's layout.</summary>
internal sealed class AnswerComposer(OwnMessageIds ids, TimeProvider time)
{
    /// <summary>The mail of an answer, or null where nothing is to be mailed.</summary>
    public NewOutboxMail? Compose(AnswerFrame frame, OperationAnswer answer) => answer switch
    {
        OperationAnswer.Response response => Mail(
            frame, SoapWriter.Write(frame.Version, Headers(frame, isFault: false), response.WriteBody), response.ExtraFields),
        OperationAnswer.Fault fault => Mail(frame, SoapWriter.WriteFault(frame.Version, Headers(frame, isFault: true), fault.Value), []),
        OperationAnswer.None => null,
        _ => throw new InvalidOperationException("The cases of OperationAnswer are closed."),
    };

    /// <summary>A plain text for a person.</summary>
    public NewOutboxMail ComposeText(AnswerFrame frame, string text) =>
        Mail(frame with { MediaType = "text/plain", Layout = SoapLayout.Flat, IsXop = false }, Encoding.UTF8.GetBytes(text), []);

    /// <summary>What further answers to the same request need.</summary>
    public static ReplyFrame Keep(AnswerFrame frame) => new()
    {
        From = frame.Service.Address.ToString(),
        To = frame.To.ToString(),
        Subject = MailBinding.ReplySubject(frame.Request.SubjectRaw),
        InReplyTo = frame.RequestId,
        References = MailBinding.ReferencesFor(frame.Request) is { Count: > 0 } references ? references : [frame.RequestId],
        Version = frame.Version,
        Layout = frame.Layout,
        MediaType = frame.MediaType,
        IsXop = frame.IsXop,
        Headers = [.. Headers(frame, isFault: false).Select(block => block.ToString(SaveOptions.DisableFormatting))],
    };

    private NewOutboxMail Mail(AnswerFrame frame, byte[] envelope, IReadOnlyList<(string Name, string Value)> extraFields)
    {
        string messageId = ids.NewAnswer(frame.Service.Address.Domain);
        var kept = Keep(frame);
        byte[] mail = MailBinding.Compose(new SoapMail
        {
            From = frame.Service.Address,
            To = frame.To,
            Subject = kept.Subject,
            MessageId = messageId,
            InReplyTo = kept.InReplyTo,
            References = kept.References,
            Date = time.GetUtcNow(),
            AutoSubmitted = "auto-replied",
            ExtraFields = extraFields,
            Layout = frame.Layout,
            MediaType = frame.MediaType,
            IsXop = frame.IsXop,
            Envelope = envelope,
        });
        return new NewOutboxMail(OutboxKind.Answer, null, frame.To.ToString(), messageId, mail, null, null, time.GetUtcNow());
    }

    private static IReadOnlyList<XElement> Headers(AnswerFrame frame, bool isFault)
    {
        string? action = isFault ? WsAddressing.SoapFaultAction : frame.Addressing.Action is { } asked ? asked + "Response" : null;
        return frame.Addressing.AnswerHeaders(action, messageId: null, isFault);
    }
}
