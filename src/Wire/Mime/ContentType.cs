using System.Text;

namespace Relay.Wire.Mime;

/// <summary>A media type with its parameters (RFC 2045 §5.1), continuations and charsets of RFC 2231 resolved.</summary>
/// <param name="Type">Top-level type, lower case.</param>
/// <param name="Subtype">Subtype, lower case.</param>
/// <param name="Parameters">Names in lower case, ignoring case when looked up; values without quotes.</param>
public sealed record ContentType(string Type, string Subtype, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>What an absent or unreadable field means (RFC 2045 §5.2).</summary>
    public static ContentType Default { get; } = new("text", "plain", MimeParameters.None);

    /// <summary>As <c>text/xml</c>, lower case, without parameters.</summary>
    public string MediaType => Type + "/" + Subtype;

    /// <summary>The <c>charset</c> parameter.</summary>
    public string? Charset => Parameters.GetValueOrDefault("charset");

    /// <summary>The <c>boundary</c> parameter.</summary>
    public string? Boundary => Parameters.GetValueOrDefault("boundary");

    /// <summary>The <c>action</c> parameter of application/soap+xml (RFC 3902 §2).</summary>
    public string? Action => Parameters.GetValueOrDefault("action");

    /// <summary>The <c>start</c> parameter of multipart/related: the root's Content-ID with its brackets (RFC 2387 §3.2).</summary>
    public string? Start => Parameters.GetValueOrDefault("start");

    /// <summary>Whether the body is parts.</summary>
    public bool IsMultipart => Type == "multipart";

    /// <summary>Whether the type is this one, written in lower case.</summary>
    public bool Is(string type, string subtype) => Type == type && Subtype == subtype;

    /// <summary>Whether the type says that the body is XML (RFC 7303 §4.2, RFC 7303 §9.1 for <c>+xml</c>).</summary>
    public bool IsXml => (Type is "text" or "application" && Subtype == "xml") || Subtype.EndsWith("+xml", StringComparison.Ordinal);

    /// <summary>Reads a field's value; what cannot be read is text/plain, what can be read of a broken one is kept.</summary>
    /// <param name="value">All after the colon, folded or not.</param>
    public static ContentType Parse(string? value) =>
        value.AsSpan().ContainsAny('\r', '\n') ? ParseLine(HeaderText.Unfold(value)) : ParseLine(value);

    /// <summary>The type of a mail or part; a field on one line, as most are, is read without making a string of it.</summary>
    internal static ContentType Of(HeaderFields fields)
    {
        const int Usual = 256;
        var octets = fields.Octets("Content-Type");
        if (octets.Length > Usual || octets.ContainsAny((byte)'\r', (byte)'\n'))
        {
            return Parse(fields.Text("Content-Type"));
        }

        Span<char> text = stackalloc char[Usual];
        return ParseLine(text[..Encoding.Latin1.GetChars(octets, text)]);
    }

    private static ContentType ParseLine(ReadOnlySpan<char> line)
    {
        var scanner = new HeaderScanner(line);
        var type = scanner.Token();
        if (type.IsEmpty || !scanner.Take('/'))
        {
            return Default;
        }

        var subtype = scanner.Token();
        return subtype.IsEmpty
            ? Default
            : new ContentType(Lower(type), Lower(subtype), MimeParameters.Read(ref scanner));
    }

    /// <inheritdoc/>
    public override string ToString() => MediaType + string.Concat(Parameters.Select(p => $"; {p.Key}=\"{p.Value}\""));

    private static string Lower(ReadOnlySpan<char> token) => token switch
    {
        "text" => "text",
        "xml" => "xml",
        "plain" => "plain",
        "application" => "application",
        "soap+xml" => "soap+xml",
        "multipart" => "multipart",
        _ => token.ToString().ToLowerInvariant(),
    };
}
