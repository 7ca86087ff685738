using System.Text;
using System.Text.RegularExpressions;

namespace Relay.Fuzz;

/// <summary>
/// Changes of XML that mostly leave it well-formed: elements are repeated, moved, wrapped and renamed, attributes and texts added, so that an input gets
/// behind the first check and to what reads the tree.
/// </summary>
internal sealed partial class XmlChanges(Random random, IReadOnlyList<byte[]> seeds)
{
    private static readonly string[] Names =
        ["a", "Envelope", "Header", "Body", "Fault", "MessageID", "ReplyTo", "Address", "RelatesTo", "Action", "To", "ReferenceParameters", "Include", "x:y"];

    private static readonly string[] Attributes =
    [
        "b=\"c\"", "mustUnderstand=\"0\"", "xml:lang=\"de\"", "xmlns=\"\"", "xmlns=\"urn:other\"", "xmlns:q=\"urn:q\" q:r=\"1\"", "href=\"cid:x\"",
        "xmlns:u=\"http://schemas.xmlsoap.org/soap/envelope/\" u:mustUnderstand=\"1\"", "xmlns:v=\"http://www.w3.org/2003/05/soap-envelope\" v:mustUnderstand=\"true\" v:role=\"urn:none\"",
        "xmlns:u=\"http://schemas.xmlsoap.org/soap/envelope/\" u:actor=\"\"", "xmlns:z=\"http://www.w3.org/2005/08/addressing\" z:IsReferenceParameter=\"1\"", "s:mustUnderstand=\"1\"",
    ];

    private static readonly string[] Texts =
        ["x", " ", "\r\n", "&amp;", "&#x41;", "&#13;", "<![CDATA[<]]>", "<!-- c -->", "urn:uuid:1", "mailto:a@b.example", "\u00c3\u00bc", "http://www.w3.org/2005/08/addressing/anonymous"];

    /// <summary>Null where the input is no XML that can be told apart into tags.</summary>
    public byte[]? Change(byte[] input, int changes)
    {
        var tokens = Split(input);
        for (; changes > 0; changes--)
        {
            if (Elements(tokens) is not { Count: > 0 } elements)
            {
                return null;
            }

            Change(tokens, elements);
        }

        return Encoding.Latin1.GetBytes(string.Concat(tokens));
    }

    private static List<string> Split(byte[] input) => [.. Token().Matches(Encoding.Latin1.GetString(input)).Select(match => match.Value)];

    /// <summary>First and last token of each element; null where tags do not pair.</summary>
    private static List<(int First, int Last)>? Elements(List<string> tokens)
    {
        var (elements, open) = (new List<(int First, int Last)>(), new Stack<int>());
        for (int at = 0; at < tokens.Count; at++)
        {
            string token = tokens[at];
            if (token.StartsWith("</", StringComparison.Ordinal))
            {
                if (!open.TryPop(out int first) || NameOf(tokens[first]) != NameOf(token))
                {
                    return null;
                }

                elements.Add((first, at));
            }
            else if (IsTag(token) && token.EndsWith("/>", StringComparison.Ordinal))
            {
                elements.Add((at, at));
            }
            else if (IsTag(token))
            {
                open.Push(at);
            }
        }

        return open.Count == 0 ? elements : null;
    }

    private void Change(List<string> tokens, List<(int First, int Last)> elements)
    {
        var (first, last) = Pick(elements);
        var element = tokens.GetRange(first, last - first + 1);
        switch (random.Next(9))
        {
            case 0:
                tokens.InsertRange(last + 1, element);
                break;
            case 1 when element.Count < tokens.Count / 2:
                tokens.RemoveRange(first, element.Count);
                break;
            case 2:
                var elsewhere = Pick(elements);
                tokens.InsertRange(elsewhere.Last == elsewhere.First ? elsewhere.First : elsewhere.First + 1, element);
                break;
            case 3:
                Rename(tokens, first, last, Pick(Names));
                break;
            case 4:
                int end = tokens[first].Length - (tokens[first].EndsWith("/>", StringComparison.Ordinal) ? 2 : 1);
                tokens[first] = tokens[first].Insert(end, " " + Pick(Attributes));
                break;
            case 5:
                int depth = random.Next(8) == 0 ? 70 : random.Next(1, 4);
                tokens.InsertRange(last + 1, Enumerable.Repeat("</a>", depth));
                tokens.InsertRange(first, Enumerable.Repeat("<a>", depth));
                break;
            case 6 when Split(Pick(seeds)) is var seed && Elements(seed) is { Count: > 0 } known:
                var (from, to) = Pick(known);
                tokens.InsertRange(last, seed.GetRange(from, to - from + 1));
                break;
            default:
                tokens.Insert(last, Pick(Texts));
                break;
        }
    }

    private static void Rename(List<string> tokens, int first, int last, string name)
    {
        string old = NameOf(tokens[first]);
        tokens[first] = "<" + name + tokens[first][(1 + old.Length)..];
        tokens[last] = first == last ? tokens[last] : $"</{name}>";
    }

    private static bool IsTag(string token) => token.Length > 2 && token[0] == '<' && token[1] is not ('!' or '?');

    private static string NameOf(string tag) => tag.TrimStart('<', '/').Split(' ', '\t', '\r', '\n', '/', '>')[0];

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    [GeneratedRegex("<!--.*?-->|<!\\[CDATA\\[.*?\\]\\]>|<[^>]*>|[^<]+|<", RegexOptions.Singleline)]
    private static partial Regex Token();
}
