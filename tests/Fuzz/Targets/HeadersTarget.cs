using System.Text;
using Relay.Wire.Mime;

namespace Relay.Fuzz.Targets;

/// <summary>Everything that is read from the text of single fields.</summary>
internal sealed class HeadersTarget : IFuzzTarget
{
    public string Name => "headers";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Fuzz.Seeds.Mails(),
        Fuzz.Seeds.Text("\"Op, Jo\" <jo@partner.example>, friends: a@b.example, <@r.example:c@d.example>;, (x (y)) e@f.example"),
        Fuzz.Seeds.Text("=?UTF-8?Q?f=C3=BCr?= =?iso-8859-1*de?B?ZvxyIDQy?= plain"),
        Fuzz.Seeds.Text("application/soap+xml; charset=\"utf-8\"; action*0*=utf-8'en'urn%3a; action*1=\"x\"; (c) start=\"<a@b>\""),
        Fuzz.Seeds.Text("Sat, 21 Nov 2026 18:00:00 +0100 (CET)"),
        Fuzz.Seeds.Text("<a@b> (your mail) 2 <c d@e>,<f@g>"),
        Fuzz.Seeds.Text("mailto:a%2Bb@c.example?subject=x"),
        Fuzz.Seeds.Text("attachment; filename*=utf-8''%e2%82%ac.xml"),
    ];

    public IReadOnlyList<string> Words { get; } =
        ["=?utf-8?B?", "=?utf-8?Q?", "?=", "\"", "\\", "(", ")", "<", ">", "@", ",", ";", ":", "*0*=", "*1=", "''", "%", "mailto:", "%0d%0a", "Nov", "+0100", "\r\n "];

    public string Read(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var type = ContentType.Parse(text);
        Promise.Holds(type.Type.Length > 0 && type.Subtype.Length > 0, "a type is never empty");
        _ = type.ToString();
        var mailboxes = AddressList.Parse(text);
        foreach (var mailbox in mailboxes)
        {
            Promise.Holds(!mailbox.Address.ToString().AsSpan().ContainsAny('\r', '\n', '\0'), "an address has no line end");
        }

        _ = MessageId.ParseList(text).Sum(id => MessageId.Normalize(id).Length);
        var isDate = MailDate.TryParse(text, out _);
        var isUri = MailtoUri.TryParse(text, out _);
        var decoded = EncodedWord.Decode(text);
        Promise.Holds(Ascii.IsValid(EncodedWord.Encode(decoded)), "what is encoded is ASCII");
        Promise.Holds(Ascii.IsValid(EncodedWord.EncodePhrase(decoded)), "a phrase is ASCII");
        if (MimeReader.ReadHeader(input, MimeLimits.Default) is HeaderReadResult.Read(var fields, var length))
        {
            Promise.Holds(length <= input.Length, "a header ends within its text");
            _ = fields.Sum(field => field.Name.Length + field.Unfolded.Length);
            return fields.Count > 0 ? "header" : Outcome(type, mailboxes.Count, isDate || isUri, decoded != text);
        }

        return "refused header, " + Outcome(type, mailboxes.Count, isDate || isUri, decoded != text);
    }

    private static string Outcome(ContentType type, int mailboxes, bool isDateOrUri, bool isEncoded) =>
        isEncoded ? "encoded words" : type != ContentType.Default ? "media type" : isDateOrUri ? "date or URI" : mailboxes > 0 ? "addresses" : "nothing";
}
