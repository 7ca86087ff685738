using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Relay.Wire.Mime;

/// <summary>Reads the parameters of Content-Type (RFC 2045 §5.1, RFC 2231 §3, RFC 2231 §4).</summary>
internal static class MimeParameters
{
    // No mail program writes longer values; the number bounds what a segment's index may claim.
    private const int MaxSegments = 100;

    /// <summary>No parameters.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Reads all that follows the media type; a parameter given twice counts once, the first time.</summary>
    public static IReadOnlyDictionary<string, string> Read(ref HeaderScanner scanner)
    {
        ParameterList? plain = null;
        List<Segment>? segments = null;
        while (scanner.SkipToNextParameter())
        {
            var name = scanner.Token();
            if (name.IsEmpty || !scanner.Take('='))
            {
                continue;
            }

            if (name.Contains('*'))
            {
                AddSegment(name, scanner.Value(), ref segments);
            }
            else
            {
                plain ??= new ParameterList();
                plain.TryAdd(LowerName(name), scanner.Value());
            }
        }

        return segments is null ? plain ?? None : Join(segments, plain);
    }

    private static string LowerName(ReadOnlySpan<char> name) => name switch
    {
        "charset" => "charset",
        "boundary" => "boundary",
        "action" => "action",
        "type" => "type",
        "start" => "start",
        _ => name.ToString().ToLowerInvariant(),
    };

    private static void AddSegment(ReadOnlySpan<char> name, string value, ref List<Segment>? segments)
    {
        var star = name.IndexOf('*');
        var tail = name[(star + 1)..];
        var encoded = tail.IsEmpty || tail[^1] == '*';
        var digits = tail.TrimEnd('*');
        var index = 0;
        if (!digits.IsEmpty
            && (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out index) || index >= MaxSegments))
        {
            return;
        }

        segments ??= [];
        segments.Add(new Segment(name[..star].ToString().ToLowerInvariant(), index, encoded, value));
    }

    // RFC 2231 §4.1: the extended form counts where both are given, since only programs that know it write it.
    private static ParameterList Join(List<Segment> segments, ParameterList? plain)
    {
        var all = plain ?? new ParameterList();
        foreach (var parameter in segments.GroupBy(segment => segment.Name, StringComparer.Ordinal))
        {
            all.Set(parameter.Key, JoinOne(parameter));
        }

        return all;
    }

    private static string JoinOne(IEnumerable<Segment> segments)
    {
        var octets = new List<byte>();
        var charset = "utf-8";
        var expected = 0;

        // RFC 2231 §3: the order on the wire means nothing; numbering starts at 0 and what follows a gap is not part of the value.
        foreach (var segment in segments.OrderBy(segment => segment.Index))
        {
            if (segment.Index != expected)
            {
                break;
            }

            expected++;
            var text = segment.Value;
            if (segment.IsEncoded && segment.Index == 0 && text.Split('\'') is { Length: >= 3 } pieces)
            {
                charset = pieces[0];
                text = string.Join('\'', pieces[2..]);
            }

            octets.AddRange(segment.IsEncoded ? Unescape(text) : Encoding.Latin1.GetBytes(text));
        }

        return Charsets.DecodeLoosely([.. octets], charset);
    }

    private static byte[] Unescape(string text)
    {
        var octets = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                octets[length++] = octet;
                i += 2;
            }
            else
            {
                octets[length++] = text[i] <= 'ÿ' ? (byte)text[i] : (byte)'?';
            }
        }

        return octets[..length];
    }

    private readonly record struct Segment(string Name, int Index, bool IsEncoded, string Value);
}
