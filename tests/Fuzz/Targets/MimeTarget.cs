using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Fuzz.Targets;

/// <summary>A mail from octets to its envelope, and an answer to it back to octets.</summary>
internal sealed class MimeTarget : IFuzzTarget
{
    private static readonly MailAddress Gateway = MailAddress.TryParse("ews@gateway.example", out var address) ? address : throw new InvalidOperationException();

    public string Name => "mime";

    public IReadOnlyList<byte[]> Seeds { get; } = Fuzz.Seeds.Mails();

    public IReadOnlyList<string> Words { get; } =
    [
        "\r\n\r\n", "\r\n ", "\r\n--b\r\n", "--b--", "boundary=", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
        "Content-Transfer-Encoding: base64\r\n", "Content-Transfer-Encoding: quoted-printable\r\n", "charset=utf-16", "charset=utf-7", "=\r\n", "=3D", "==",
        "<?xml version=\"1.0\"?>", "<s:Envelope ", "</s:Envelope>", "Envelope", "<!DOCTYPE", "<!--", "<![CDATA[", "Message-ID: ", "X-Message-ID: ",
        "=?utf-8?B?", "=?utf-8?Q?", "?=", "name*0*=utf-8''%e2", "\u00ff\u00fe", "\u00ef\u00bb\u00bf", "message/rfc822", "multipart/related; start=", "(", "\\",
    ];

    public string Read(byte[] input)
    {
        var result = MimeReader.Read(input, MimeLimits.Default);
        if (result is not MimeReadResult.Read(var mail))
        {
            var (fault, headers) = (MimeReadResult.Refused)result;
            Answer(MailFacts.Of(headers), "text/xml", SoapLayout.Flat);
            return "refused: " + fault.Kind;
        }

        Decode(mail);
        MailClassifier.Classify(hasNullReversePath: false, mail.Headers);
        var found = MailBinding.Read(mail, MimeLimits.Default);
        var request = found is SoapMailReadResult.Found(var one) ? one : null;
        Answer(found.Facts, request is null ? "text/xml" : MailBinding.AnswerMediaType(request, SoapVersion.Soap11), request?.Layout ?? SoapLayout.Flat);
        return found is SoapMailReadResult.Found ? "envelope, " + request!.Layout : found.GetType().Name;
    }

    private static void Decode(MimeEntity entity)
    {
        var octets = entity.Decode(MimeLimits.Default) is MimeDecodeResult.Decoded(var decoded) ? decoded.Length : 0;
        Promise.Holds(octets <= entity.RawBody.Length, "decoding never adds octets");
        foreach (var part in entity.Parts)
        {
            Decode(part);
        }
    }

    private static void Answer(MailFacts facts, string mediaType, SoapLayout layout)
    {
        var octets = MailBinding.Compose(new SoapMail
        {
            From = Gateway,
            FromName = facts.From?.DisplayName,
            To = facts.From?.Address ?? Gateway,
            Subject = MailBinding.ReplySubject(facts.SubjectRaw),
            MessageId = "<1@gateway.example>",
            InReplyTo = facts.AnswersTo,
            References = MailBinding.ReferencesFor(facts),
            Date = DateTimeOffset.UnixEpoch,
            AutoSubmitted = "auto-replied",
            ExtraFields = [("Relay-Note", facts.SubjectRaw)],
            Layout = layout,
            MediaType = mediaType,
            Action = facts.SubjectRaw,
            Envelope = "<a/>"u8.ToArray(),
        });
        Lines(octets);
        var read = MimeReader.Read(octets, MimeLimits.Default) as MimeReadResult.Read;
        Promise.Holds(read is not null, "what is written can be read");
        Promise.Holds(read!.Root.Headers.CountOf("Relay-Note") == 1 && read.Root.Headers.CountOf("From") == 1, "every field stands once");
        if (facts.AnswersTo is { Length: < 900 } id && !id.Any(c => c is (< ' ' and not '\t') or '\u007f'))
        {
            Promise.Holds(read.Root.Headers.Text("In-Reply-To") == id, "the id is echoed octet for octet");
        }
    }

    private static void Lines(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var end = octets.IndexOf((byte)'\n');
            Promise.Holds(end > 0 && octets[end - 1] == (byte)'\r', "every line ends in CRLF");
            Promise.Holds(end <= 999 && !octets[..(end - 1)].ContainsAny((byte)'\r', (byte)0), "no line is over 998 octets or has a CR or NUL");
            octets = octets[(end + 1)..];
        }
    }
}
