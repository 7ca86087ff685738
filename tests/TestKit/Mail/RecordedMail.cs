using System.Text;

namespace Relay.TestKit.Mail;

/// <summary>One mail as it came over the wire, dots unstuffed.</summary>
/// <param name="Number">1, 2, 3 … in the order in which final dots were read.</param>
/// <param name="Connection">The number of the connection that brought it.</param>
/// <param name="Sender">The reverse-path; "" is the null one.</param>
/// <param name="SenderParameters">What followed it, as in "SIZE=300 BODY=8BITMIME".</param>
/// <param name="Recipients">Those that were agreed to, in their order.</param>
/// <param name="Content">Header and body, octet for octet, with the last CRLF.</param>
/// <param name="IsAccepted">Whether a 250 was sent for it; what was cut or refused after the final dot is recorded too.</param>
/// <param name="IsTls">Whether it came encrypted.</param>
/// <param name="Account">The name that AUTH proved; null without.</param>
public sealed record RecordedMail(
    int Number,
    int Connection,
    string Sender,
    string SenderParameters,
    IReadOnlyList<RecordedRecipient> Recipients,
    ReadOnlyMemory<byte> Content,
    bool IsAccepted,
    bool IsTls,
    string? Account)
{
    private readonly Lazy<(IReadOnlyList<KeyValuePair<string, string>> Fields, ReadOnlyMemory<byte> Body)> _parts = new(() => Split(Content));

    public DateTimeOffset At { get; } = DateTimeOffset.UtcNow;

    /// <summary>The only recipient's address.</summary>
    public string Recipient => Recipients.Single().Address;

    /// <summary>Octets as Latin-1 characters.</summary>
    public string Text => Encoding.Latin1.GetString(Content.Span);

    /// <summary>Header fields in their order, unfolded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields => _parts.Value.Fields;

    /// <summary>The body with its transfer encoding taken off; parts of a multipart are left as they are.</summary>
    public byte[] Body => TransferDecoding.Decode(Field("Content-Transfer-Encoding"), _parts.Value.Body);

    public string BodyText => Encoding.UTF8.GetString(Body);

    public string? MessageId => Field("Message-ID");

    public string? InReplyTo => Field("In-Reply-To");

    public string? Subject => Field("Subject");

    /// <summary>The value of the first field of that name; null without one.</summary>
    public string? Field(string name) => AllFields(name).FirstOrDefault();

    public IEnumerable<string> AllFields(string name) =>
        Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    private static (IReadOnlyList<KeyValuePair<string, string>> Fields, ReadOnlyMemory<byte> Body) Split(ReadOnlyMemory<byte> content)
    {
        int end = content.Span.IndexOf("\r\n\r\n"u8);
        string header = Encoding.Latin1.GetString(end < 0 ? content.Span : content.Span[..end]);
        var fields = new List<KeyValuePair<string, string>>();
        foreach (string line in header.Replace("\r\n ", " ").Replace("\r\n\t", "\t").Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            fields.Add(new(colon < 0 ? line : line[..colon].Trim(), colon < 0 ? "" : line[(colon + 1)..].Trim()));
        }

        return (fields, end < 0 ? ReadOnlyMemory<byte>.Empty : content[(end + 4)..]);
    }
}
