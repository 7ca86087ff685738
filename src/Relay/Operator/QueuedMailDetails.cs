using System.Text;
using Relay.Store;
using Relay.Wire.Mime;

namespace Relay.Operator;

/// <summary>One mail as <c>relay queue show</c> tells it.</summary>
/// <param name="Mail">Its envelope and how it stands.</param>
/// <param name="Failures">Attempts that failed, oldest first.</param>
/// <param name="Content">Null when it is no longer kept.</param>
internal sealed record QueuedMailDetails(QueuedMail Mail, IReadOnlyList<FailedAttempt> Failures, ReadOnlyMemory<byte>? Content)
{
    /// <summary>The header's fields on one line each, without what a report must not hold.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields() => Content is not { } content
        ? []
        : [.. MimeReader.ReadHeader(HeaderOf(content.Span), MimeLimits.Default).Headers
            .Select(field => (field.Name, Secrets.HideField(field.Name, field.Unfolded.Trim())))];

    /// <summary>Everything behind the header, its octets as Latin-1 characters.</summary>
    public string Body()
    {
        var octets = Content is { } content ? content.Span : default;
        return Encoding.Latin1.GetString(octets[HeaderOf(octets).Length..]);
    }

    internal static ReadOnlySpan<byte> HeaderOf(ReadOnlySpan<byte> mail)
    {
        int end = mail.IndexOf("\r\n\r\n"u8);
        return end < 0 ? mail : mail[..(end + 4)];
    }
}
