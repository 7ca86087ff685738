using System.Buffers;
using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Wire.Mime;

/// <summary>Reads From, Reply-To and their like (RFC 5322 §3.4).</summary>
public static class AddressList
{
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t,;:<(\"");

    // More than any request has; bounds what one field may make us hold.
    private const int MaxMailboxes = 100;

    // More than any program shows.
    private const int MaxName = 200;

    /// <summary>The mailboxes of a field, those in groups too; what is no address is left out.</summary>
    /// <param name="value">The field's value, folded or not, octets as Latin-1 characters; null for an absent field.</param>
    public static IReadOnlyList<Mailbox> Parse(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return [];
        }

        var mailboxes = new List<Mailbox>(1);
        var scanner = new HeaderScanner(HeaderText.Unfold(value));
        while (mailboxes.Count < MaxMailboxes && Next(ref scanner, out var mailbox))
        {
            if (mailbox is not null)
            {
                mailboxes.Add(mailbox);
            }
        }

        return mailboxes;
    }

    /// <summary>Writes a mailbox for a header field; the name is encoded where it is not ASCII.</summary>
    public static string Format(string? displayName, MailAddress address) =>
        string.IsNullOrEmpty(displayName) ? address.ToString() : EncodedWord.EncodePhrase(Shortened(displayName)) + " <" + address + ">";

    // A line has 998 octets (RFC 5322 §2.1.1), and a quoted name that is cut there would take the address with it.
    private static string Shortened(string name) =>
        name.Length <= MaxName ? name : name[..(char.IsHighSurrogate(name[MaxName - 1]) ? MaxName - 1 : MaxName)];

    // One element between commas: words are collected; an angle bracket makes them a display name, a colon a group's name.
    private static bool Next(ref HeaderScanner scanner, out Mailbox? mailbox)
    {
        mailbox = null;
        var words = new StringBuilder();
        string? angled = null;
        while (true)
        {
            scanner.SkipComments();
            if (scanner.Rest.IsEmpty)
            {
                mailbox = Make(words, angled);
                return mailbox is not null;
            }

            switch (scanner.Rest[0])
            {
                case ',' or ';':
                    scanner.Skip(1);
                    mailbox = Make(words, angled);
                    return true;
                case ':':
                    scanner.Skip(1);
                    words.Clear();
                    break;
                case '<':
                    var path = Angled(ref scanner);
                    angled ??= path;
                    break;
                case '"':
                    AddQuoted(words, scanner.Quoted(), scanner.Rest);
                    break;
                default:
                    AddWord(words, ref scanner);
                    break;
            }
        }
    }

    private static string Angled(ref HeaderScanner scanner)
    {
        var rest = scanner.Rest[1..];
        var end = rest.IndexOf('>');
        var path = (end < 0 ? rest : rest[..end]).Trim();
        scanner.Skip(1 + (end < 0 ? rest.Length : end + 1));

        // RFC 5322 §4.4: the obsolete route before the address is ignored.
        var colon = path.StartsWith('@') ? path.IndexOf(':') : -1;
        return path[(colon + 1)..].ToString();
    }

    // A quoted string directly before "@" is a local part and keeps its quotes; elsewhere it is part of a name.
    private static void AddQuoted(StringBuilder words, string content, ReadOnlySpan<char> rest)
    {
        if (rest.StartsWith("@"))
        {
            words.Append('"').Append(content.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))
                .Append('"');
            return;
        }

        Separate(words).Append(content);
    }

    private static void AddWord(StringBuilder words, ref HeaderScanner scanner)
    {
        var rest = scanner.Rest;
        var end = rest.IndexOfAny(WordEnds);
        var word = end < 0 ? rest : rest[..Math.Max(end, 1)];

        // "local @ domain" of the obsolete syntax is one address, not three words (RFC 5322 §4.4).
        var joins = word[0] == '@' || (words.Length > 0 && words[^1] == '@');
        (joins ? words : Separate(words)).Append(word);
        scanner.Skip(word.Length);
    }

    private static StringBuilder Separate(StringBuilder words) => words.Length > 0 ? words.Append(' ') : words;

    // RFC 6532 §3.2: addresses beyond ASCII are UTF-8; octets that are not are no address.
    private static string? Characters(string octets) =>
        Ascii.IsValid(octets) ? octets
        : Charsets.TryDecodeUtf8(Encoding.Latin1.GetBytes(octets), out var text) ? text
        : null;

    private static Mailbox? Make(StringBuilder words, string? angled)
    {
        var text = words.ToString();
        return Characters(angled ?? text) is { } characters && MailAddress.TryParse(characters, out var address)
            ? new Mailbox(angled is null || text.Length == 0 ? null : EncodedWord.Decode(text), address)
            : null;
    }
}
