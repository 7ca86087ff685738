using System.Globalization;
using System.Text;

namespace Relay.Smtp.Tests.Transcripts;

/// <summary>
/// A dialogue in the notation of RFC 5321 appendix D. The first line is <c># why</c>. <c>C: </c> is a line of the client, <c>C= </c>
/// the same without CRLF behind it, <c>S: </c> a line of the server in which <c>*</c> stands for any text, <c>S: (closes)</c> and
/// <c>C: (closes)</c> the end of the connection; <c>M: </c> a line of the mails that were taken, <c>M: (none)</c> if none was;
/// <c>@ Name=Value</c> an option of the server. In octets of the client and of mails <c>\r \n \0 \\ \xHH</c> are what they are in C#, and
/// <c>\{text*N}</c> repeats a text.
/// </summary>
internal sealed record Transcript(
    string Why, IReadOnlyList<TranscriptStep> Steps, IReadOnlyList<string>? Mails, IReadOnlyDictionary<string, string> Options)
{
    public static Transcript Parse(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        if (!lines[0].StartsWith("# ", StringComparison.Ordinal))
        {
            throw new FormatException("The first line of a transcript says why it is there.");
        }

        var steps = new List<TranscriptStep>();
        var options = new Dictionary<string, string>();
        List<string>? mails = null;
        for (var i = 1; i < lines.Length; i++)
        {
            var content = lines[i].Length > 3 ? lines[i][3..] : "";
            switch (lines[i].Length < 2 ? "" : lines[i][..2])
            {
                case "C:" or "C=" or "S:":
                    steps.Add(ParseStep(lines[i][..2], content, i + 1));
                    break;
                case "M:":
                    mails ??= [];
                    mails.AddRange(content == "(none)" ? [] : [Encoding.Latin1.GetString(Unescape(content))]);
                    break;
                case "@ ":
                    options.Add(lines[i][2..].Split('=')[0], lines[i].Split('=', 2)[1]);
                    break;
                case "" or "# ":
                    break;
                default:
                    throw new FormatException($"Line {i + 1} is no line of a transcript: {lines[i]}");
            }
        }

        return new Transcript(lines[0][2..], steps, mails, options);
    }

    private static TranscriptStep ParseStep(string mark, string content, int line) => (mark, content) switch
    {
        ("C:", "(closes)") => new TranscriptStep.ClientCloses(line),
        ("S:", "(closes)") => new TranscriptStep.ServerCloses(line),
        ("C:", _) => new TranscriptStep.Send(line, [.. Unescape(content), .. "\r\n"u8]),
        ("C=", _) => new TranscriptStep.Send(line, Unescape(content)),
        _ => new TranscriptStep.Expect(line, content),
    };

    private static byte[] Unescape(string text)
    {
        var octets = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                octets.AddRange(Encoding.UTF8.GetBytes(text[i..(i + 1)]));
                continue;
            }

            switch (text[++i])
            {
                case 'r':
                    octets.Add((byte)'\r');
                    break;
                case 'n':
                    octets.Add((byte)'\n');
                    break;
                case '0':
                    octets.Add(0);
                    break;
                case 'x':
                    octets.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
                case '{':
                    var end = text.IndexOf('}', i);
                    var star = text.LastIndexOf('*', end);
                    var count = int.Parse(text.AsSpan(star + 1, end - star - 1), CultureInfo.InvariantCulture);
                    octets.AddRange(Enumerable.Repeat(Unescape(text[(i + 1)..star]), count).SelectMany(o => o));
                    i = end;
                    break;
                default:
                    octets.Add((byte)text[i]);
                    break;
            }
        }

        return [.. octets];
    }
}
